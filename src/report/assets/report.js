/* Runs in the page, last; the numbers are in #data. */
tools.copyTexts();
videoPage.show(JSON.parse(document.getElementById('data').textContent));
