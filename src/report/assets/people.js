/* Runs in the page: how to follow a person who is clicked on. */
globalThis.people = (() => {
  /** The player's own buttons are at the picture's lower edge. */
  const CONTROLS_PX = 72;

  /** The position of a click in the displayed video, in its pixels; undefined outside the picture. */
  function placeIn(video, event, { width, height }) {
    const box = video.getBoundingClientRect();
    const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    const left = box.left + (box.width - video.videoWidth * scale) / 2;
    const top = box.top + (box.height - video.videoHeight * scale) / 2;
    const x = Math.floor((((event.clientX - left) / scale) * width) / video.videoWidth);
    const y = Math.floor((((event.clientY - top) / scale) * height) / video.videoHeight);
    return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : undefined;
  }

  /** `--start` of a frame: not later than it, and later than the one before. */
  function startOf(at, { timeScale, firstTimestamp }) {
    return Math.floor((Math.max(0, at / timeScale - firstTimestamp) + 1e-6) * 1000) / 1000;
  }

  /** A word of a shell's command line. */
  function word(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }

  function lineOf({ x, y }, at, follow) {
    const start = startOf(at, follow);
    const from = start === 0 ? '' : ` --start ${start}`;
    return `${follow.begins} --person ${x},${y}${from} -o ${word(`${follow.folder}/person-at-${x}-${y}`)}`;
  }

  /** Shows the command for a point in the picture, with the number of the nearest person. */
  function show(place, at, nearest, follow) {
    const chosen = document.getElementById('chosen');
    const code = Object.assign(document.createElement('code'), {
      id: 'chosen-line',
      textContent: lineOf(place, at, follow),
    });
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'copy' });
    button.dataset.copy = 'chosen-line';
    const who = nearest === undefined ? 'no person is tracked there' : `nearest is person ${nearest}`;
    chosen.replaceChildren(`${place.x},${place.y} at ${at.toFixed(2)} s (${who}): `, code, ' ', button);
  }

  /**
   * A click on the paused picture chooses a person; on a playing one it pauses, as usual.
   * @param timeOf the table's time of the frame that is shown
   * @param nearestTo the id of the person nearest to a place in it
   */
  function choose(video, follow, timeOf, nearestTo) {
    // Before the player's own handler, which would start playback.
    video.parentElement.addEventListener(
      'click',
      event => {
        if (event.target !== video || !video.paused || video.videoWidth === 0) return;
        if (event.clientY > video.getBoundingClientRect().bottom - CONTROLS_PX) return;
        event.preventDefault();
        event.stopPropagation();
        const place = placeIn(video, event, follow);
        if (place) show(place, timeOf(), nearestTo(place), follow);
      },
      true,
    );
  }

  return { choose };
})();
