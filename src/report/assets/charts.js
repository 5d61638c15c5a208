/* Runs in the page: curves over time, each with a title, a legend and a line of values. `uPlot` and `tools` exist. */
globalThis.charts = (() => {
  const { color, clockText, element } = tools;
  /** Left and right differ without colour as well: the right side is dashed. */
  const STYLES = {
    left: { colour: '--left', dash: undefined },
    right: { colour: '--right', dash: [8, 4] },
    middle: { colour: '--curve', dash: undefined },
  };
  const [RAW_WIDTH, WIDTH] = [1, 2.25];
  const HEIGHT = 190;
  /** Seconds between labels of a time axis. */
  const TIME_STEPS = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400,
  ];

  /** The frame for a chart in its holder: heading, legend, picture, values. */
  function frameOf(holder) {
    const [title, keys, picture, values] = [
      element('h3'),
      element('ul', { class: 'legend' }),
      element('div', { role: 'img' }),
      element('p', { class: 'values' }),
    ];
    holder.classList.add('chart');
    holder.replaceChildren(title, keys, picture, values);
    return { title, keys, picture, values };
  }

  function key(name, { dash }, kind) {
    const line = element('line', {
      class: kind,
      x1: 0,
      x2: 26,
      y1: 6,
      y2: 6,
      'stroke-dasharray': dash?.join(' ') ?? '',
    });
    return element('li', {}, element('svg', { width: 26, height: 12, 'aria-hidden': 'true' }, line), name);
  }

  /** Stretches without any value, as indexes into the list of moments. */
  function emptyStretches(lists, length) {
    const stretches = [];
    for (let from = 0; from < length; from++) {
      if (lists.some(list => list[from] != null)) continue;
      let to = from;
      while (to + 1 < length && lists.every(list => list[to + 1] == null)) to++;
      stretches.push([from, to]);
      from = to;
    }
    return stretches;
  }

  function shade(u, stretches) {
    const times = u.data[0];
    const { left, top, width, height } = u.bbox;
    const within = x => Math.min(left + width, Math.max(left, x));
    u.ctx.save();
    u.ctx.fillStyle = color('--absent');
    for (const [from, to] of stretches) {
      const start = within(u.valToPos(times[from], 'x', true));
      const end = within(u.valToPos(times[to + 1] ?? times[to], 'x', true));
      u.ctx.fillRect(start, top, Math.max(1, end - start), height);
    }
    u.ctx.restore();
  }

  function playhead(u, moment) {
    const x = u.valToPos(moment, 'x', true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
    u.ctx.save();
    u.ctx.setLineDash([]);
    u.ctx.strokeStyle = color('--ink');
    u.ctx.lineWidth = devicePixelRatio || 1;
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  }

  function seriesOf(curves) {
    return curves.flatMap(({ kind, raw }) => {
      const { colour, dash } = STYLES[kind];
      const thick = { stroke: color(colour), width: WIDTH, dash, points: { show: false } };
      return raw
        ? [{ stroke: color(colour), width: RAW_WIDTH, alpha: 0.6, dash, points: { size: 3 } }, thick]
        : [thick];
    });
  }

  const axis = () => ({
    stroke: color('--soft'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line') },
  });

  /** `left 12 to 140 °`: the text alternative of a chart. */
  function inWords(title, curves, unit) {
    const parts = curves.map(({ name, values }) => {
      const known = values.filter(value => value != null);
      if (known.length === 0) return `${name}: no values`;
      const [least, most] = known.reduce(
        ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
        [Infinity, -Infinity],
      );
      return `${name} from ${least.toFixed(0)} to ${most.toFixed(0)}${unit}`;
    });
    return `${title}. ${parts.join('; ')}.`;
  }

  /**
   * Draws curves into a holder.
   * @param curves each with `name`, `kind` (left, right, middle), `values` and, if it is filtered, `raw`
   * @param unit follows each value
   * @param moment the time on the axis whose values are shown without a pointer, or undefined
   * @param idle the line of values without a pointer and a moment
   * @param nothing the text for a moment without a value
   * @returns the chart, to be redrawn and destroyed
   */
  function draw(
    holder,
    { title, unit, times, curves, moment = () => undefined, idle = '', nothing = 'no pose', range, hooks = {}, sync },
  ) {
    const frame = frameOf(holder);
    frame.title.textContent = title;
    const lists = curves.flatMap(({ raw, values }) => (raw ? [raw, values] : [values]));
    const stretches = emptyStretches(lists, times.length);
    frame.keys.replaceChildren(
      ...(curves.length > 1 ? curves.map(({ name, kind }) => key(name, STYLES[kind], kind)) : []),
      ...(stretches.length > 0 ? [element('li', {}, element('i', { class: 'swatch' }), nothing)] : []),
    );
    frame.picture.setAttribute('aria-label', inWords(title, curves, unit));

    const spell = value => (value == null ? nothing : value.toFixed(1) + unit);
    const textAt = at =>
      lists.some(list => list[at] != null) ? valuesAt(at) : `at ${clockText(times[at], 3)}: ${nothing}`;
    const valuesAt = at =>
      `at ${clockText(times[at], 3)}: ${curves
        .map(({ name, raw, values }) => {
          const exact = raw && raw[at] != null ? ` (raw ${spell(raw[at])})` : '';
          return `${curves.length > 1 ? `${name} ` : ''}${spell(values[at])}${exact}`;
        })
        .join(', ')}`;
    const showValues = u => {
      const shown = moment();
      const at = u.cursor.idx ?? (shown === undefined ? undefined : placeOf(times, shown));
      frame.values.textContent = at == null || times.length === 0 ? idle : textAt(at);
    };
    const options = {
      width: Math.max(200, frame.picture.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { ...(sync && { sync: { key: sync } }), drag: { x: true, y: false } },
      scales: { x: { time: false }, ...(range && { y: { range } }) },
      axes: [
        { ...axis(), values: (_, ticks) => ticks.map(tick => clockText(tick)), space: 60, incrs: TIME_STEPS },
        { ...axis(), size: 48 },
      ],
      series: [{}, ...seriesOf(curves)],
      hooks: {
        drawClear: [u => shade(u, stretches)],
        draw: [
          u => moment() !== undefined && !document.documentElement.hasAttribute('data-print') && playhead(u, moment()),
        ],
        setCursor: [showValues],
        ...hooks,
      },
    };
    const chart = new uPlot(options, [times, ...lists], frame.picture);
    showValues(chart);
    return { chart, showValues: () => showValues(chart) };
  }

  /** The last of some rising moments that is not after another. */
  function placeOf(times, moment) {
    let [low, high] = [0, times.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= moment) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return { draw, placeOf };
})();
