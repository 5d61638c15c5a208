import { expect, test } from 'vitest';
import { proxiesAmong } from '../../../src/batch/inputs/proxies.js';

test("the small copies of a folder are those with a video beside them, by the cameras' names", () => {
  const names = [
    'walk.mp4',
    'walk.lrv',
    'GX010001.MP4',
    'GL010001.LRV',
    'GL020001.LRV',
    'DJI_0001.MOV',
    'DJI_0001.LRF',
    'VID_20240102_101112_00_001.insv',
    'LRV_20240102_101112_11_001.lrv',
    'LRV_20240102_101112_11_002.lrv',
    'alone.lrv',
    'alone.txt',
  ];
  expect([...proxiesAmong(names)]).toEqual([
    'walk.lrv',
    'GL010001.LRV',
    'DJI_0001.LRF',
    'LRV_20240102_101112_11_001.lrv',
  ]);
  expect(proxiesAmong(['walk.mp4']).size).toBe(0);
});
