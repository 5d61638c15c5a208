import { existsSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** A browser of this machine; undefined if none exists. */
export const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Minimum number of rules that axe must judge; with fewer, it did not see the page. */
const LEAST_RULES = 15;

interface AxeResult {
  readonly passes: readonly unknown[];
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Barriers that axe-core calls serious or critical, each with the element and what is wrong with it. */
export async function barriersIn(page: Page): Promise<string[]> {
  // As the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  const { passes, violations } = (await page.evaluate('axe.run()')) as AxeResult;
  if (passes.length < LEAST_RULES) throw new Error(`axe judged only ${passes.length} rules`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/**
 * Elements that lie beyond the left or right edge of the page, or hide part of their content there. Those for screen
 * readers alone do not count: they are a pixel wide.
 */
export async function cutIn(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => {
    const edge = document.documentElement.clientWidth;
    const isSeen = element => {
      if (element.closest('thead')?.clientWidth === 1) return false;
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && getComputedStyle(element).visibility !== 'hidden';
    };
    const named = element => element.outerHTML.slice(0, 120);
    return [...document.body.querySelectorAll('*')].filter(isSeen).flatMap(element => {
      const { left, right } = element.getBoundingClientRect();
      if (left < -1 || right > edge + 1) return ['beyond the edge: ' + named(element)];
      const isBlock = getComputedStyle(element).display !== 'inline' && !(element instanceof SVGElement);
      return isBlock && element.scrollWidth > element.clientWidth + 1 ? ['cut: ' + named(element)] : [];
    });
  })()`)) as string[];
}

const STREAM = /stream\r?\n/g;

/**
 * Size of the sheets of a PDF of Chromium's within their margins, in CSS pixels: Chromium prints a page smaller, with
 * more pixels to a sheet, if some of it is wider than the sheet.
 */
export function sheetOf(pdf: Buffer): { width: number; height: number } {
  for (const { index, 0: mark } of pdf.toString('latin1').matchAll(STREAM)) {
    const drawn = /\n0 0 (\d+) (\d+) re\nf/.exec(inflated(pdf.subarray(index + mark.length)));
    if (drawn) return { width: Number(drawn[1]), height: Number(drawn[2]) };
  }
  throw new Error('no page in the PDF');
}

/** What a stream holds; nothing where it is not compressed. */
function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes).toString('latin1');
  } catch {
    return '';
  }
}
