/* Runs in the page, before report.js: who is who, and how to follow one of them. */
globalThis.people = (() => {
  /** From the worst; where a person is not there yet, or no longer, there is nothing. */
  const ORDER = ['0', '3', '4', '1', '2'];
  const ROW_PX = 22;
  const CHIP_PX = 30;
  /** The player's own buttons are at the picture's lower edge. */
  const CONTROLS_PX = 72;

  /** A row for each person: their number on their colour, then how each of their frames ended. */
  function drawRows(canvas, rows, colours, share, { color, sized }) {
    canvas.setAttribute('data-height', rows.length * ROW_PX);
    const [context, width] = sized(canvas);
    context.font = '600 12px system-ui';
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    for (const [i, { id, statuses }] of rows.entries()) {
      const top = i * ROW_PX;
      for (let x = 0; x < width; x++) {
        const from = Math.floor((x * statuses.length) / width);
        const part = statuses.slice(from, Math.max(from + 1, Math.floor(((x + 1) * statuses.length) / width)));
        const worst = ORDER.find(code => part.includes(code));
        if (worst === undefined) continue;
        context.fillStyle = color(`--s${worst}`);
        // What is missing is thin as well: colours are not all that tells.
        const height = worst === '0' ? 4 : ROW_PX - 6;
        context.fillRect(x, top + (ROW_PX - height) / 2, 1.5, height);
      }
      context.fillStyle = colours[id % colours.length];
      context.fillRect(0, top + 2, CHIP_PX, ROW_PX - 4);
      context.strokeStyle = '#111';
      context.strokeRect(0.5, top + 2.5, CHIP_PX - 1, ROW_PX - 5);
      context.fillStyle = '#111';
      context.fillText(String(id), CHIP_PX / 2, top + ROW_PX / 2);
    }
    context.fillStyle = color('--ink');
    context.fillRect(share * width - 1, 0, 2, rows.length * ROW_PX);
  }

  /** Where in the displayed video somebody clicked, in its pixels; undefined beside the picture. */
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

  /** Shows the line for a place in the picture, with the number of the person who is nearest to it there. */
  function show(place, at, nearest, follow) {
    const chosen = document.getElementById('chosen');
    const code = Object.assign(document.createElement('code'), {
      id: 'chosen-line',
      textContent: lineOf(place, at, follow),
    });
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'copy' });
    button.dataset.copy = 'chosen-line';
    const who = nearest === undefined ? 'nobody is followed there' : `nearest is person ${nearest}`;
    chosen.replaceChildren(`${place.x},${place.y} at ${at.toFixed(2)} s (${who}): `, code, ' ', button);
  }

  /**
   * A click into the paused picture chooses a person; a playing one it pauses, as ever.
   * @param timeOf the table's time of the frame that is shown
   * @param nearestTo the id of the person nearest to a place in it
   */
  function choose(video, follow, timeOf, nearestTo) {
    // Before the player's own: it would begin to play.
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

  /**
   * Each button with `data-copy` copies the text of the element with that id; where it may not, the text is selected.
   * The older way of copying: the newer one waits for a permission that a page from disk is never given.
   */
  function copyTexts() {
    document.addEventListener('click', event => {
      const button = event.target.closest?.('button[data-copy]');
      if (!button) return;
      const selection = getSelection();
      selection.selectAllChildren(document.getElementById(button.dataset.copy));
      const isCopied = document.execCommand('copy');
      if (isCopied) selection.removeAllRanges();
      button.textContent = isCopied ? 'copied' : 'selected: press Ctrl+C';
    });
  }

  return { drawRows, choose, copyTexts };
})();
