import { expect, test } from 'vitest';
import { mainComplaint } from '../../src/decode/complaint.js';

const said = (...texts: string[]) => texts.map(text => ({ text }));

test("the cause of a failure is ffmpeg's last message, except for those that follow every failure", () => {
  const cut = 'mov,mp4,m4a,3gp,3g2,mj2: stream 0, offset 0x1e15: partial file';
  const after = ['Cannot determine format of input stream 0:0 after EOF', 'Error marking filters as finished'];
  expect(mainComplaint(said('h264: no frame!', cut, ...after))?.text).toBe(cut);
  expect(mainComplaint(said(cut, 'vf#0:0: Error sending frames to consumers: Invalid argument'))?.text).toBe(cut);
});

test('if none names a cause, the last complaint must do', () => {
  expect(mainComplaint(said('Conversion failed!', 'Error marking filters as finished'))?.text).toBe(
    'Error marking filters as finished',
  );
  expect(mainComplaint([])).toBeUndefined();
});
