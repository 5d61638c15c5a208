/* Runs in the page, last; the numbers are in #data. */
(() => {
  const shared = JSON.parse(document.getElementById('data').textContent);

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

  tools.copyTexts();
  if (shared.kind === 'folder') sortable(document.getElementById('all'));
  else videoPage.show(shared);
})();
