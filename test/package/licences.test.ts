import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writePage } from '../../src/report/page.js';
import { html } from '../../src/text/html.js';
import { listedIn, NOTICE_FILE, noticeLines, problemOf, productionPackages, withLines } from '../support/licences.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const notice = readFileSync(NOTICE_FILE, 'utf8');
const packages = await productionPackages();

const folder = await temporaryFolder();

test('a report page includes the licence of uPlot beside its script', async () => {
  const path = join(folder, 'page.html');
  await writePage(path, 'title', [html`<p></p>`], ['{}']);
  const page = readFileSync(path, 'utf8');
  const licence = readFileSync(new URL('../../node_modules/uplot/LICENSE', import.meta.url), 'utf8').trim();
  const comment = /<!-- uPlot(.*?)-->\n<script>\/\*! https:\/\/github.com\/leeoniya\/uPlot/s.exec(page)?.[1];
  expect(comment).toContain(licence);
  expect(licence).toContain('Copyright (c) 2022 Leon Sorokin');
});

describe('NOTICE', () => {
  test('names every installed package, and no other ("npm run notice" writes the list)', () => {
    expect(listedIn(notice)).toEqual(noticeLines(packages));
    expect(packages.length).toBeGreaterThan(100);
    const names = packages.map(({ name }) => name);
    for (const name of ['zod', 'libsql', 'uplot', 'udsv', 'linkedom', '@observablehq/plot', '1eurofilter', 'd3-array'])
      expect(names).toContain(name);
  });

  test('every package has an allowed licence, and a holder', () => {
    expect(packages.map(problemOf).filter(problem => problem !== undefined)).toEqual([]);
  });

  test('a package with another licence, with none, or without a holder would be found', () => {
    const of = (licence: string, copyright = 'Copyright X') => problemOf({ name: 'x', licence, copyright });
    for (const licence of [
      'AGPL-3.0',
      'GPL-3.0',
      'LGPL-2.1',
      'UNKNOWN',
      '',
      '(MIT AND SSPL-1.0)',
      'Custom: https://x.org',
    ])
      expect(of(licence)).toMatch(/licence/);
    expect(of('MIT', '')).toMatch(/nobody/);
    expect([of('MIT'), of('(MIT OR CC0-1.0)'), of('(Apache-2.0 AND BSD-3-Clause)')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a removed or added package changes the list', () => {
    const [, ...others] = noticeLines(packages);
    const changed = withLines(notice, ['- new: MIT; Copyright New', ...others]);
    expect(listedIn(changed)).not.toEqual(noticeLines(packages));
    expect(listedIn(changed)).toEqual(['- new: MIT; Copyright New', ...others]);
  });

  test('has the text of each licence that it names, and for the GPL the location of the sources', () => {
    for (const text of [
      'Permission is hereby granted, free of charge, to any person obtaining a copy',
      'Permission to use, copy, modify, and/or distribute this software for any purpose',
      'Redistributions of source code must retain the above copyright notice',
      'Neither the name of the copyright holder',
      'SIL OPEN FONT LICENSE Version 1.1',
      'This is free and unencumbered software released into the public domain',
      'GNU GENERAL PUBLIC LICENSE',
      'END OF TERMS AND CONDITIONS',
      'https://git.ffmpeg.org/ffmpeg.git',
      'https://johnvansickle.com/ffmpeg/',
      'apt-get source ffmpeg',
      'NanoDet',
    ])
      expect(notice).toContain(text);
  });
});
