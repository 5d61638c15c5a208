/* Runs in the page, first: numbers, colours and elements for the other scripts. */
globalThis.tools = (() => {
  function bytes(base64) {
    return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  }

  /** 16-bit integers in base64 as numbers; null where none exists. */
  function numbers(base64, scale) {
    return Array.from(new Int16Array(bytes(base64).buffer), value => (value === -32768 ? null : value / scale));
  }

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /** A moment as a clock shows it: `1.5 s`, `2:05`, `1:02:05`. */
  function clockText(seconds, digits = 2) {
    if (Math.abs(seconds) < 60) return `${+seconds.toFixed(digits)} s`;
    const whole = Math.round(seconds);
    const two = value => String(value).padStart(2, '0');
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
    return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  /** An element with attributes and content. */
  function element(name, attributes = {}, ...content) {
    const isDrawn = ['svg', 'line'].includes(name);
    const made = isDrawn ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  /**
   * Each button with `data-copy` copies the text of the element with that id; where the browser forbids it, the text is
   * selected. The older way of copying: the newer one waits for a permission that a page from disk never gets.
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
      button.removeAttribute('aria-label');
    });
  }

  /**
   * Draws again where the width or the colours change. On paper both differ: `data-print` makes the page as wide as a
   * sheet, and its colours those of the day, while it is printed.
   */
  function whenLooksChange(draw) {
    const paper = matchMedia('print');
    const print = isPrinted => {
      document.documentElement.toggleAttribute('data-print', isPrinted);
      draw();
    };
    addEventListener('resize', draw);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
    addEventListener('beforeprint', () => print(true));
    addEventListener('afterprint', () => print(false));
    paper.addEventListener('change', () => print(paper.matches));
  }

  return { bytes, numbers, color, clockText, element, copyTexts, whenLooksChange };
})();
