import { html } from '../text/html.js';

/** For parts that the page's script draws; the style hides it once that has run. */
export const NO_SCRIPT = html`<p class="hint no-script">The page's script, which draws this part, does not run: the browser, or the server that sent the page, forbids it. A copy opened from a disk usually works.</p>`;
