/* Runs in the index of a folder: sorts and filters its rows. */
(() => {
  const table = document.getElementById('all');
  const controls = document.getElementById('controls');
  /** The worst first, as in the page's source: by the share of frames with a person. */
  const FOUND = 2;
  let [column, isRising, tag] = [FOUND, true, ''];

  const sortKey = row => row.cells[column].dataset.sort;
  function compare(a, b) {
    const [one, other] = [sortKey(a), sortKey(b)];
    return column === 0 ? one.localeCompare(other, undefined, { numeric: true }) : Number(one) - Number(other);
  }

  function sort() {
    const body = table.tBodies[0];
    body.append(...[...body.rows].sort((a, b) => (isRising ? 1 : -1) * compare(a, b)));
    for (const [i, head] of [...table.tHead.rows[0].cells].entries()) {
      if (i === column) head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
    document.getElementById('sort').value = String(column);
    document.getElementById('direction').textContent = order();
    say();
  }

  /** The order of the rows, in words. */
  function order() {
    const { rising, falling } = table.tHead.rows[0].cells[column].dataset;
    return isRising ? rising : falling;
  }

  /** Letters with accents compare equal, however a system spells them: macOS stores two characters for one. */
  const plain = text => text.normalize('NFC').toLowerCase();

  function filter() {
    const wanted = plain(document.getElementById('search').value.trim());
    for (const row of table.tBodies[0].rows) {
      const isTagged = tag === '' || row.dataset.tags.split(' ').includes(tag);
      row.hidden = !isTagged || !plain(row.cells[0].dataset.sort).includes(wanted);
    }
    for (const button of controls.querySelectorAll('[data-filter]')) {
      button.setAttribute('aria-pressed', String(button.dataset.filter === tag));
    }
    say();
  }

  /** In words, for those who do not see the order, and on paper. */
  function say() {
    const rows = [...table.tBodies[0].rows];
    const shown = rows.filter(row => !row.hidden).length;
    const name = table.tHead.rows[0].cells[column].textContent;
    const which = shown === 0 ? 'No video matches' : `Showing ${shown} of ${rows.length} videos`;
    document.getElementById('shown').textContent = shown < 2 ? which : `${which}, sorted by ${name}, ${order()}`;
  }

  if (table && controls) {
    for (const button of table.querySelectorAll('thead button')) {
      button.addEventListener('click', () => {
        const i = button.closest('th').cellIndex;
        isRising = i === column ? !isRising : true;
        column = i;
        sort();
      });
    }
    for (const button of controls.querySelectorAll('[data-filter]')) {
      button.addEventListener('click', () => {
        tag = button.dataset.filter;
        filter();
      });
    }
    document.getElementById('search').addEventListener('input', filter);
    document.getElementById('sort').addEventListener('change', event => {
      column = Number(event.target.value);
      isRising = true;
      sort();
    });
    document.getElementById('direction').addEventListener('click', () => {
      isRising = !isRising;
      sort();
    });
    sort();
    filter(); // A browser that goes back restores the field.
  }
  document.documentElement.dataset.ready = 'yes';
})();
