import { PERSON_COLOURS } from '../model/person-colours.js';
import { type Html, html } from '../text/html.js';

/** A table under a heading. @param head names of its columns; undefined: none are needed */
export function table(title: string, rows: readonly (readonly (Html | string)[])[], head?: readonly string[]): Html {
  const names = head && html`<thead><tr>${head.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>`;
  const cells = rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>`);
  return html`<div class="scrolls"><h2>${title}</h2><table>${names}<tbody>${cells}</tbody></table></div>`;
}

/** A person's number on their colour. */
export function chip(personId: number): Html {
  return html`<i class="chip p${personId % PERSON_COLOURS.length}">${personId}</i>`;
}
