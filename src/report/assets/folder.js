/* Runs in the index of a folder: sorts and filters its rows. */
(() => {
  const table = document.getElementById('all');
  const controls = document.getElementById('controls');
  /** The worst first, as in the page's source: by the share of frames with a person. */
  const FOUND = 2;
  let [column, isRising, tag] = [FOUND, true, ''];
  /** Rows shown at first: laying out thousands takes seconds at each change. */
  const MOST_ROWS = 500;
  let most = MOST_ROWS;

  const names = new Intl.Collator(undefined, { numeric: true });
  function sorted(rows) {
    const keyed = rows.map(row => ({ row, key: row.cells[column].dataset.sort }));
    const compare = column === 0 ? (a, b) => names.compare(a.key, b.key) : (a, b) => Number(a.key) - Number(b.key);
    return keyed.sort((a, b) => (isRising ? 1 : -1) * compare(a, b)).map(({ row }) => row);
  }

  function sort() {
    const body = table.tBodies[0];
    for (const row of sorted([...body.rows])) body.append(row); // A call takes no hundred thousand arguments.
    for (const [i, head] of [...table.tHead.rows[0].cells].entries()) {
      if (i === column) head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
    document.getElementById('sort').value = String(column);
    document.getElementById('direction').textContent = order();
    filter();
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
    let matching = 0;
    for (const row of table.tBodies[0].rows) {
      const isTagged = tag === '' || row.dataset.tags.split(' ').includes(tag);
      const isMatch = isTagged && plain(row.cells[0].dataset.sort).includes(wanted);
      row.hidden = !isMatch || matching >= most;
      if (isMatch) matching++;
    }
    for (const button of controls.querySelectorAll('[data-filter]')) {
      button.setAttribute('aria-pressed', String(button.dataset.filter === tag));
    }
    say(matching);
  }

  /** In words, for those who do not see the order, and on paper. @param matching rows, of which the first are shown */
  function say(matching) {
    const all = table.tBodies[0].rows.length;
    const shown = Math.min(matching, most);
    const more = document.getElementById('more');
    more.hidden = shown === matching;
    more.textContent = `show all ${matching}`;
    const name = table.tHead.rows[0].cells[column].textContent;
    const which = shown === 0 ? 'No video matches' : `Showing ${shown} of ${all} videos`;
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
    document.getElementById('more').addEventListener('click', () => {
      most = Number.POSITIVE_INFINITY;
      filter();
    });
    sort(); // It filters as well: a browser that goes back restores the field.
  }
  document.documentElement.dataset.ready = 'yes';
})();
