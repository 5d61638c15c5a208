/* Runs in the page. `uPlot` and `people` are there; the numbers are in #data. */
(() => {
  const shared = JSON.parse(document.getElementById('data').textContent);
  function bytes(base64) {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  }

  function numbers(base64, scale) {
    return Array.from(new Int16Array(bytes(base64).buffer), value => (value === -32768 ? null : value / scale));
  }

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /** Memory and speed over the run's own time. */
  function showRun({ everySeconds, frames, memory }) {
    const seconds = frames.map((_, i) => (i + 0.5) * everySeconds);
    const speed = frames.map((count, i) => (count - (frames[i - 1] ?? 0)) / everySeconds);
    const megabytes = memory.map(bytes => (bytes === 0 ? null : bytes / 2 ** 20));
    const axis = { stroke: color('--soft'), grid: { stroke: color('--line') } };
    for (const [id, title, values, unit] of [
      ['memory-plot', 'memory of all processes, MB', megabytes, ' MB'],
      ['speed-plot', 'frames analysed per second', speed, ' frames/s'],
    ]) {
      const holder = document.getElementById(id);
      holder.replaceChildren();
      const value = (_, number) => (number == null ? '' : number.toFixed(1) + unit);
      const series = [
        { label: 'run time', value: (_, at) => (at == null ? '' : `${at.toFixed(1)} s`) },
        { label: title.split(' ')[0], stroke: color('--curve'), width: 2, value },
      ];
      const y = { range: (_, _least, most) => [0, Math.max(1, most * 1.1)] };
      const axes = [
        { ...axis, values: (_, ticks) => ticks.map(tick => `${+tick.toFixed(2)} s`) },
        { ...axis, size: 60 },
      ];
      const size = { width: holder.clientWidth, height: 170 };
      new uPlot({ title, ...size, scales: { x: { time: false }, y }, axes, series }, [seconds, values], holder);
    }
  }

  function showVideo({ data, rate, timeScale, timeline, rows, colours, follow }) {
    const times = Array.from(new Float64Array(bytes(data.times).buffer));
    const scores = bytes(data.scores);
    const video = document.getElementById('video');
    const first = times[0] ?? 0;
    const length = (times.at(-1) ?? 0) - first || 1;
    let now = 0; // True seconds since the first frame; the overlay plays slow motion slower.
    const marks = [];

    function seek(seconds) {
      now = Math.min(length, Math.max(0, seconds));
      if (video) video.currentTime = now / timeScale;
      draw();
    }

    const ribbon = document.getElementById('ribbon');
    const peopleRows = document.getElementById('rows');
    const draw = () => {
      drawRibbon(ribbon, data.statuses, scores, now / length);
      if (peopleRows) people.drawRows(peopleRows, rows, colours, now / length, { color, sized });
      ribbon.setAttribute('aria-valuenow', now.toFixed(2));
      ribbon.setAttribute('aria-valuemax', length.toFixed(2));
      for (const mark of marks) mark();
    };
    for (const timeline of [ribbon, peopleRows]) {
      timeline?.addEventListener('click', event => seek((event.offsetX / timeline.clientWidth) * length));
    }
    const keys = {
      ArrowRight: step => seek(now + step),
      ArrowLeft: step => seek(now - step),
      Home: () => seek(0),
      End: () => seek(length),
      ...(video && { ' ': () => (video.paused ? video.play() : video.pause()) }),
    };
    ribbon.addEventListener('keydown', event => {
      if (!Object.hasOwn(keys, event.key)) return;
      keys[event.key](event.shiftKey ? 1 : 1 / rate);
      event.preventDefault();
    });
    video?.addEventListener('timeupdate', () => {
      now = video.currentTime * timeScale;
      draw();
    });

    /** The last moment of the curves that is not after the one that is shown. */
    function shownIndex() {
      // The player counts in millionths.
      const at = first + (video ? video.currentTime * timeScale : now) + 1e-4;
      let [low, high] = [0, times.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (times[middle] <= at) low = middle;
        else high = middle - 1;
      }
      return low;
    }
    const shownTime = () => times[shownIndex()] ?? first;
    function nearestTo({ x, y }) {
      const index = shownIndex();
      const middle = ({ joints }) => {
        const [lx, ly, rx, ry] = [
          [joints.left_hip, 0],
          [joints.left_hip, 2],
          [joints.right_hip, 0],
          [joints.right_hip, 2],
        ].map(([parts, part]) => numbers(parts[part], 8)[index]);
        return lx == null || rx == null ? undefined : { x: (lx + rx) / 2, y: (ly + ry) / 2 };
      };
      const there = data.people.flatMap(one => {
        const place = middle(one);
        return place ? [{ id: one.id, off: Math.hypot(place.x - x, place.y - y) }] : [];
      });
      return there.sort((a, b) => a.off - b.off)[0]?.id;
    }

    const [person, angle, joint] = ['person', 'angle', 'joint'].map(id => document.getElementById(id));
    const plots = {};
    function fill(select, names, wanted) {
      select.replaceChildren(...names.map(name => new Option(name.replaceAll('_', ' '), name, false, name === wanted)));
    }
    const chosen = () => data.people.find(({ id }) => String(id) === person.value);
    function plot(id, title, raw, filtered, unit) {
      const holder = document.getElementById(id);
      plots[id]?.destroy();
      const options = {
        title,
        width: holder.clientWidth,
        height: 200,
        cursor: { sync: { key: 'time' }, drag: { x: true, y: false } },
        scales: { x: { time: false } },
        axes: [
          {
            stroke: color('--soft'),
            grid: { stroke: color('--line') },
            values: (_, ticks) => ticks.map(tick => `${+tick.toFixed(2)} s`),
          },
          { stroke: color('--soft'), grid: { stroke: color('--line') }, size: 60 },
        ],
        series: [
          { label: 'time', value: (_, value) => (value == null ? '' : `${value.toFixed(3)} s`) },
          {
            label: 'raw',
            stroke: color('--raw'),
            width: 1,
            value: (_, value) => (value == null ? '' : value.toFixed(1) + unit),
          },
          {
            label: 'filtered',
            stroke: color('--curve'),
            width: 2,
            value: (_, value) => (value == null ? '' : value.toFixed(1) + unit),
          },
        ],
        hooks: { draw: [playhead] },
      };
      plots[id] = new uPlot(options, [times, raw, filtered], holder);
      let pressedAt = 0;
      plots[id].over.addEventListener('mousedown', event => {
        pressedAt = event.clientX;
      });
      plots[id].over.addEventListener('click', event => {
        if (Math.abs(event.clientX - pressedAt) < 4) seek(plots[id].posToVal(event.offsetX, 'x') - first);
      });
    }
    function playhead(u) {
      const x = u.valToPos(first + now, 'x', true);
      u.ctx.save();
      u.ctx.strokeStyle = color('--s0');
      u.ctx.beginPath();
      u.ctx.moveTo(x, u.bbox.top);
      u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
      u.ctx.stroke();
      u.ctx.restore();
    }
    marks.push(() => {
      for (const one of Object.values(plots)) one.redraw(false);
    });
    function show() {
      const one = chosen();
      if (!one) return;
      const [raw, filtered] = one.angles[angle.value];
      plot(
        'angle-plot',
        `${angle.value.replaceAll('_', ' ')}, degrees in the picture`,
        numbers(raw, 10),
        numbers(filtered, 10),
        '°',
      );
      const [x, fx, y, fy] = one.joints[joint.value].map(part => numbers(part, 8));
      plot('x-plot', `${joint.value.replaceAll('_', ' ')}, x in pixels`, x, fx, '');
      plot('y-plot', `${joint.value.replaceAll('_', ' ')}, y in pixels (down)`, y, fy, '');
      drawHeat(document.getElementById('heat'), one);
    }
    if (data.people.length > 0) {
      fill(angle, Object.keys(data.people[0].angles), 'left_knee');
      fill(joint, Object.keys(data.people[0].joints), 'left_wrist');
      for (const select of [person, angle, joint]) select.addEventListener('change', show);
    }
    const again = () => {
      show();
      draw();
      if (timeline) showRun(timeline);
    };
    addEventListener('resize', again);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
    again();
    // Where nobody is found, nobody is to be chosen.
    if (video && document.getElementById('chosen')) people.choose(video, follow, shownTime, nearestTo);
    document.documentElement.dataset.ready = 'yes';
  }

  function sized(canvas) {
    const ratio = devicePixelRatio || 1;
    const height = Number(canvas.getAttribute('data-height') ?? canvas.getAttribute('height'));
    canvas.setAttribute('data-height', height);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = height * ratio;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    context.scale(ratio, ratio);
    return [context, canvas.clientWidth, height];
  }

  /** In each column of pixels the worst status of its frames, and their mean score above it. */
  function drawRibbon(canvas, statuses, scores, share) {
    const [context, width, height] = sized(canvas);
    const colors = [0, 1, 2, 3, 4, 5].map(code => color(`--s${code}`));
    const order = ['0', '5', '3', '4', '1', '2'];
    const strip = 16;
    context.strokeStyle = color('--curve');
    context.beginPath();
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x * statuses.length) / width);
      const to = Math.max(from + 1, Math.floor(((x + 1) * statuses.length) / width));
      const part = statuses.slice(from, to);
      context.fillStyle = colors[Number(order.find(code => part.includes(code)) ?? 2)];
      context.fillRect(x, height - strip, 1.5, strip);
      let sum = 0;
      for (let i = from; i < to; i++) sum += scores[i] ?? 0;
      const y = (height - strip - 4) * (1 - sum / (to - from) / 255) + 2;
      x === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
    }
    context.stroke();
    context.fillStyle = color('--ink');
    context.fillRect(share * width - 1, 0, 2, height);
  }

  const LANDMARKS =
    'nose,left eye inner,left eye,left eye outer,right eye inner,right eye,right eye outer,left ear,right ear,mouth left,mouth right,left shoulder,right shoulder,left elbow,right elbow,left wrist,right wrist,left pinky,right pinky,left index,right index,left thumb,right thumb,left hip,right hip,left knee,right knee,left ankle,right ankle,left heel,right heel,left foot,right foot'.split(
      ',',
    );

  function drawHeat(canvas, { heat, heatBins }) {
    const [context, width, height] = sized(canvas);
    const values = bytes(heat);
    const left = 110;
    const [w, h] = [(width - left) / heatBins, height / LANDMARKS.length];
    context.font = `${Math.min(10, h)}px system-ui`;
    context.textBaseline = 'middle';
    for (const [row, name] of LANDMARKS.entries()) {
      context.fillStyle = color('--soft');
      context.fillText(name, 0, (row + 0.5) * h);
      for (let bin = 0; bin < heatBins; bin++) {
        const value = values[row * heatBins + bin] / 255;
        context.fillStyle = `hsl(${30 + 180 * value} 65% ${25 + 35 * value}%)`;
        context.fillRect(left + bin * w, row * h, w + 0.5, h - 1);
      }
    }
  }

  function sortable(table) {
    const body = table.tBodies[0];
    for (const [column, button] of [...table.querySelectorAll('th button')].entries()) {
      let rising = true;
      button.addEventListener('click', () => {
        const key = row => row.cells[column].dataset.sort;
        const compare = (a, b) =>
          Number.isNaN(Number(key(a))) ? key(a).localeCompare(key(b)) : Number(key(a)) - Number(key(b));
        body.append(...[...body.rows].sort((a, b) => (rising ? 1 : -1) * compare(a, b)));
        rising = !rising;
      });
    }
    document.documentElement.dataset.ready = 'yes';
  }

  people.copyTexts();
  if (shared.kind === 'folder') sortable(document.getElementById('all'));
  else showVideo(shared);
})();
