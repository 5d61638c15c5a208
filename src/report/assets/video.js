/* Runs in the page of one video: timeline, curves, heat map. `tools`, `charts` and `people` exist. */
globalThis.videoPage = (() => {
  const { bytes, numbers, clockText } = tools;
  const byId = id => document.getElementById(id);
  const spoken = name => name.replaceAll('_', ' ');

  /** `knee` for `left_knee` and `right_knee`: both are in one chart. */
  const partOf = name => name.replace(/^(left|right)_/, '');

  /** The curves of a part: its left and its right one, or the only one. */
  function curvesOf(series, part, pick) {
    return [`left_${part}`, `right_${part}`, part]
      .filter(name => Object.hasOwn(series, name))
      .map(name => {
        const side = /^(left|right)_/.exec(name)?.[1];
        const [raw, values] = pick(series[name]);
        return { name: side ?? spoken(name), kind: side ?? 'middle', raw, values };
      });
  }

  /** Memory and speed over the run's own time. */
  function showRun({ everySeconds, frames, memory }) {
    const times = frames.map((_, i) => (i + 0.5) * everySeconds);
    const speed = frames.map((count, i) => (count - (frames[i - 1] ?? 0)) / everySeconds);
    const megabytes = memory.map(size => (size === 0 ? null : size / 2 ** 20));
    for (const [id, title, values, unit] of [
      ['memory-plot', 'Memory of all processes (MB)', megabytes, ' MB'],
      ['speed-plot', 'Frames analysed per second', speed, ' frames/s'],
    ]) {
      const most = Math.max(0, ...values);
      charts.draw(byId(id), {
        title,
        unit,
        times,
        curves: [{ name: title, kind: 'middle', values }],
        idle: values.length === 0 ? 'The run was too short to measure.' : `Highest: ${most.toFixed(1)}${unit}`,
        nothing: 'not measured',
        range: (_, _least, highest) => [0, Math.max(1, highest * 1.1)],
      });
    }
  }

  /** A pixel for each landmark and stretch of time, on a viridis scale; nothing where the person is absent. */
  function paintHeat(canvas, { heat, heatBins }, viridis) {
    const values = bytes(heat);
    [canvas.width, canvas.height] = [heatBins, values.length / heatBins];
    const context = canvas.getContext('2d');
    const image = context.createImageData(canvas.width, canvas.height);
    const stops = viridis.map(hex => [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)));
    for (const [i, value] of values.entries()) {
      if (value === 0) continue;
      const place = ((value - 1) / 254) * (stops.length - 1);
      const [low, high] = [stops[Math.floor(place)], stops[Math.ceil(place)]];
      const mixed = low.map((part, channel) => part + (high[channel] - part) * (place % 1));
      image.data.set([...mixed, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }

  /** The number of the person whose hips are nearest to a place in the frame that is shown. */
  function nearestTo(everybody, { x, y }, index) {
    const found = everybody.flatMap(({ id, joints }) => {
      const [lx, ly, rx, ry] = [
        [joints.left_hip, 0],
        [joints.left_hip, 2],
        [joints.right_hip, 0],
        [joints.right_hip, 2],
      ].map(([parts, part]) => numbers(parts[part], 8)[index]);
      return lx == null || rx == null ? [] : [{ id, off: Math.hypot((lx + rx) / 2 - x, (ly + ry) / 2 - y) }];
    });
    return found.sort((a, b) => a.off - b.off)[0]?.id;
  }

  /** Where the page is in time: the player, where there is one, and everything that shows a moment. */
  function clockOf({ first, seconds, rate, timeScale }) {
    const player = byId('video');
    const followers = [];
    let now = 0; // True seconds since the first frame; the overlay plays slow motion slower.
    const show = () => {
      for (const follower of followers) follower();
    };
    const clock = {
      player,
      seconds,
      /** Seconds of the table. */
      get moment() {
        return first + now;
      },
      get share() {
        return Math.min(1, now / seconds);
      },
      follow: follower => followers.push(follower),
      show,
      /** @param at seconds since the first frame */
      seek(at) {
        now = Math.min(seconds, Math.max(0, at));
        if (player) player.currentTime = now / timeScale;
        show();
      },
      step: frames => clock.seek(now + frames / rate),
      jump: by => clock.seek(now + by),
    };
    player?.addEventListener('timeupdate', () => {
      now = player.currentTime * timeScale;
      show();
    });
    return clock;
  }

  /** Where the overlay cannot be played, such as beside a page that was sent alone: a still and a sentence. */
  function showStillInstead(player) {
    const show = () => {
      player.hidden = true;
      byId('no-video').hidden = false;
      for (const still of document.querySelectorAll('.still')) still.classList.remove('on-paper');
    };
    player.addEventListener('error', show);
    if (player.error) show(); // It failed before this script ran.
  }

  function slider(clock, first) {
    const ribbon = byId('ribbon');
    if (!ribbon) return;
    const line = byId('playhead');
    clock.follow(() => {
      const x = `${(100 * clock.share).toFixed(3)}%`;
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      ribbon.setAttribute('aria-valuenow', (clock.moment - first).toFixed(2));
      ribbon.setAttribute('aria-valuetext', clockText(clock.moment));
    });
    const seekTo = event => {
      const box = ribbon.getBoundingClientRect();
      clock.seek(((event.clientX - box.left) / box.width) * clock.seconds);
    };
    ribbon.addEventListener('pointerdown', event => {
      seekTo(event);
      ribbon.setPointerCapture(event.pointerId);
    });
    ribbon.addEventListener('pointermove', event => ribbon.hasPointerCapture(event.pointerId) && seekTo(event));
    const move = sign => event => (event.shiftKey ? clock.jump(sign) : clock.step(sign));
    const { player } = clock;
    const keys = {
      ArrowRight: move(1),
      ArrowUp: move(1),
      ArrowLeft: move(-1),
      ArrowDown: move(-1),
      PageUp: () => clock.jump(clock.seconds / 10),
      PageDown: () => clock.jump(-clock.seconds / 10),
      Home: () => clock.seek(0),
      End: () => clock.seek(clock.seconds),
      ...(player && { ' ': () => (player.paused ? player.play() : player.pause()) }),
    };
    ribbon.addEventListener('keydown', event => {
      if (!Object.hasOwn(keys, event.key)) return;
      keys[event.key](event);
      event.preventDefault();
    });
  }

  /** The part of the time that the curves show, the same in all of them. */
  function zoomOf(plots, clock, times) {
    let view; // Undefined: the whole time.
    const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
    // A scale needs a width, even for a single frame.
    const [start, end] = last > first ? [first, last] : [first - 0.5, first + 0.5];
    const apply = () => {
      for (const { chart } of Object.values(plots)) chart.setScale('x', view ?? { min: start, max: end });
    };
    const zoom = factor => {
      const { min, max } = view ?? { min: start, max: end };
      const width = Math.min(end - start, (max - min) * factor);
      const isInView = clock.moment >= min && clock.moment <= max;
      const from = Math.min(end - width, Math.max(start, (isInView ? clock.moment : (min + max) / 2) - width / 2));
      view = width >= end - start ? undefined : { min: from, max: from + width };
      apply();
    };
    byId('zoom-in').addEventListener('click', () => zoom(0.5));
    byId('zoom-out').addEventListener('click', () => zoom(2));
    byId('zoom-all').addEventListener('click', () => zoom(Number.POSITIVE_INFINITY));
    const note = (u, scale) => {
      if (scale !== 'x') return;
      const { min, max } = u.scales.x;
      view = min <= start && max >= end ? undefined : { min, max };
    };
    return { apply, note };
  }

  /** Draws the curves of the chosen person, angle and joint; returns what draws them again. */
  function curves(data, times, clock) {
    const [person, angle, joint] = ['person', 'angle', 'joint'].map(byId);
    const plots = {};
    const zoom = zoomOf(plots, clock, times);
    const fill = (select, names, first) => {
      const parts = [...new Set(names.map(partOf))];
      select.replaceChildren(...parts.map(part => new Option(spoken(part), part, false, part === first)));
    };
    fill(angle, Object.keys(data.people[0].angles), 'knee');
    fill(joint, Object.keys(data.people[0].joints), 'wrist');

    function plot(id, title, unit, list) {
      plots[id]?.chart.destroy();
      const hooks = { setScale: [zoom.note] };
      plots[id] = charts.draw(byId(id), {
        title,
        unit,
        times,
        curves: list,
        moment: () => clock.moment,
        hooks,
        sync: 'time',
      });
      const { over } = plots[id].chart;
      let pressedAt = 0;
      over.addEventListener('mousedown', event => {
        pressedAt = event.clientX;
      });
      over.addEventListener('click', event => {
        if (Math.abs(event.clientX - pressedAt) < 4)
          clock.seek(plots[id].chart.posToVal(event.offsetX, 'x') - times[0]);
      });
    }
    clock.follow(() => {
      for (const { chart, showValues } of Object.values(plots)) {
        chart.redraw(false);
        showValues();
      }
    });
    const chosen = () => (person ? data.people.find(({ id }) => String(id) === person.value) : data.people[0]);
    function show() {
      const one = chosen();
      const of = part => (angle.querySelector(`option[value="${part}"]`) ? spoken(part) : part);
      plot(
        'angle-plot',
        `${of(angle.value)}: degrees (2D, image plane)`,
        '°',
        curvesOf(one.angles, angle.value, ([raw, filtered]) => [numbers(raw, 10), numbers(filtered, 10)]),
      );
      for (const [id, title, from] of [
        ['x-plot', 'x in pixels (to the right)', 0],
        ['y-plot', 'y in pixels (downwards)', 2],
      ]) {
        const list = curvesOf(one.joints, joint.value, parts => [numbers(parts[from], 8), numbers(parts[from + 1], 8)]);
        plot(id, `${spoken(joint.value)}: ${title}`, ' px', list);
      }
      zoom.apply();
      for (const label of document.querySelectorAll('.of-person')) {
        label.textContent = data.people.length > 1 ? ` of person ${one.id}` : '';
      }
    }
    return { show, chosen, choices: [person, angle, joint].filter(Boolean) };
  }

  function show({ data, rate, timeScale, seconds, timeline, follow, viridis }) {
    const times = Array.from(new Float64Array(bytes(data.times).buffer));
    const first = times[0] ?? 0;
    const clock = clockOf({ first, seconds, rate, timeScale });
    slider(clock, first);
    const drawing = data.people.length > 0 ? curves(data, times, clock) : undefined;
    const again = () => {
      drawing?.show();
      if (timeline) showRun(timeline);
      clock.show();
    };
    const heat = () => drawing && paintHeat(byId('heat'), drawing.chosen(), viridis);
    for (const select of drawing?.choices ?? []) {
      select.addEventListener('change', () => {
        drawing.show();
        heat();
      });
    }
    tools.whenLooksChange(again);
    heat();
    again();
    const { player } = clock;
    if (player) showStillInstead(player);
    if (player && drawing) {
      // The player counts in millionths.
      const index = () => charts.placeOf(times, first + player.currentTime * timeScale + 1e-4);
      people.choose(
        player,
        follow,
        () => times[index()] ?? first,
        place => nearestTo(data.people, place, index()),
      );
    }
    document.documentElement.dataset.ready = 'yes';
  }

  return { show };
})();
