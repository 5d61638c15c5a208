import { PERSON_COLOURS } from '../model/person-colours.js';
import { type Html, html } from '../text/html.js';

type Row = readonly (Html | string)[];

export interface TableOptions {
  /** Names of the columns; undefined if the rows explain themselves. */
  readonly head?: readonly string[];
  /** Whether each row becomes a list of named values where the page is narrow: for many columns. */
  readonly stacks?: boolean;
  /** Whether the title is only for screen readers, because a heading above says it. */
  readonly isUntitled?: boolean;
}

/** A table under its title. */
export function table(title: string, rows: readonly Row[], options: TableOptions = {}): Html {
  const { head, stacks = false, isUntitled = false } = options;
  return html`<div class="table">${!isUntitled && html`<h3>${title}</h3>`}${stacks && head ? stacking(title, rows, head) : plain(title, rows, head)}</div>`;
}

function plain(title: string, rows: readonly Row[], head: readonly string[] | undefined): Html {
  const names = head && html`<thead><tr>${head.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>`;
  const body = rows.map(
    ([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map(cell => html`<td>${cell}</td>`)}</tr>`,
  );
  return html`<table aria-label="${title}">${names}<tbody>${body}</tbody></table>`;
}

/** Roles are stated explicitly, since rows styled as blocks would lose them. */
function stacking(title: string, rows: readonly Row[], head: readonly string[]): Html {
  const names = head.map(name => html`<th scope="col" role="columnheader">${name}</th>`);
  const body = rows.map(
    ([first, ...rest]) =>
      html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${rest.map((cell, i) => html`<td role="cell" data-name="${head[i + 1]}">${cell}</td>`)}</tr>`,
  );
  return html`<table class="stacks" role="table" aria-label="${title}"><thead role="rowgroup"><tr role="row">${names}</tr></thead><tbody role="rowgroup">${body}</tbody></table>`;
}

/** A person's number on a background of their colour. */
export function chip(personId: number): Html {
  return html`<i class="chip p${personId % PERSON_COLOURS.length}">${personId}</i>`;
}
