import { describe, expect, test } from 'vitest';
import { html } from '../../src/text/html.js';
import { jsonInScript, spelledJson } from '../../src/text/json.js';
import { markdownName, markdownText } from '../../src/text/markdown.js';
import { forTerminal } from '../../src/text/terminal.js';
import { isAddress, withoutSecrets } from '../../src/text/url.js';

describe('text for a terminal', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\u009b2J', '\\x9b2J'],
    ['a\nb\r\tc\u0000\u007f', 'a\\nb\\r\\tc\\x00\\x7f'],
    ['gpj.\u202eexe', 'gpj.\\u202eexe'],
    ['x\u2066y\u2069\u2028z\ufeff', 'x\\u2066y\\u2069\\u2028z\\ufeff'],
    ['half \ud83d of a pair', 'half \\ud83d of a pair'],
  ])('%j is spelled out', (text, shown) => {
    expect(forTerminal(text)).toBe(shown);
  });

  test.each(['Übung, naïve, 走る.mp4', 'می‌روم', 'é', '👩‍👩‍👧 🏳️‍🌈', 'a  b — c…'])('%s is unchanged', text => {
    expect(forTerminal(text)).toBe(text);
  });

  test('lines are those of the program, not those of a name in them', () => {
    expect(forTerminal(['one', 'two\nerror: forged'])).toBe('one\ntwo\\nerror: forged');
  });
});

describe('addresses', () => {
  test.each([
    ['https://u:p@h.org/a/b.mp4?X-Amz-Signature=abc#t=1: no such file', 'https://h.org/a/b.mp4 no such file'],
    ['"s3://bucket/key?sig=1" and rtsp://me:secret@cam/1', '"s3://bucket/key" and rtsp://cam/1'],
    ['/data/https:/h.org/a.mp4?sig=abc', '/data/https:/h.org/a.mp4'],
    ['HTTPS://h.org?sig=1', 'HTTPS://h.org'],
    ['C:/clips/what?.mp4, walk.mp4?, a@b.org, note:/x#1', 'C:/clips/what?.mp4, walk.mp4?, a@b.org, note:/x#1'],
  ])('%s loses what could be secret', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
  });

  test('a path is not one', () => {
    expect(['https://a/b', 's3://a', 'C:/x', 'C:\\x', 'a:b', './http:/x'].map(isAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('text for HTML', () => {
  test('every value in a template is escaped, except HTML from a template', () => {
    const bad = `<img src=x onerror='a("b")'>&`;
    const shown = '&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;';
    expect(html`<b title="${bad}">${bad}</b>${[html`<i>${bad}</i>`, bad, 3]}${undefined}${false}`.text).toBe(
      `<b title="${shown}">${shown}</b><i>${shown}</i>${shown}3`,
    );
    expect(html`${{ toString: () => '<s>' }}`.text).toBe('&lt;s&gt;');
  });

  test('control characters and direction changes are spelled out, line breaks stay', () => {
    expect(html`<pre>${'a\nb\u202ec\u0000'}</pre>`.text).toBe('<pre>a\nb\\u202ec\\x00</pre>');
  });
});

describe('text for Markdown', () => {
  test('a name is code that notifies no user, links nowhere and stays in its cell', () => {
    const name = markdownName('@org/all #12 `x` | <img src=y> [a](http://b) www.c.de ![p](q)\\|*_~');
    expect(name).toMatch(/^<code>[^@#`|<>[\]!\\*_~:]*<\/code>$|^<code>(?:&#\d+;|[^@#`|<>[\]!\\*_~:&])*<\/code>$/);
    expect(name).not.toMatch(/www\./);
    expect(markdownName('walk-1.csv')).toBe('<code>walk-1.csv</code>');
  });

  test('a sentence notifies no user either', () => {
    expect(markdownText('1 of 2 lost (left_wrist) for @org')).toBe('1 of 2 lost (left&#95;wrist) for &#64;&#8203;org');
  });
});

describe('text for JSON', () => {
  test('holds the same values, and nothing that acts on a terminal', () => {
    const value = { name: 'a\u009b2J\u202e\u001b', list: ['é'] };
    expect(JSON.parse(spelledJson(value))).toEqual(value);
    expect(spelledJson(value)).toBe('{"name":"a\\u009b2J\\u202e\\u001b","list":["é"]}');
    expect(spelledJson({ at: 'https://h/x?sig=1' })).toBe('{"at":"https://h/x"}');
  });

  test('does not end its script element', () => {
    const json = JSON.stringify({ a: '</script><!--\u2028' });
    expect(jsonInScript(json)).not.toMatch(/[<>\u2028]/);
    expect(JSON.parse(jsonInScript(json))).toEqual(JSON.parse(json));
  });
});
