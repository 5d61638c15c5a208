import { describe, expect, test } from 'vitest';
import { environmentLayer, flagLayer } from '../../src/options/layers.js';
import { chosenScale } from '../../src/options/measure-scale.js';
import { MEASURE } from '../../src/options/measure-table.js';
import { resolveOptions } from '../../src/options/resolve.js';

type Given = Readonly<Record<string, string>>;

const chosen = (flags: Given, variables: Given = {}) =>
  chosenScale(resolveOptions(MEASURE, [environmentLayer(MEASURE, variables), flagLayer(flags)]));

describe('the scale of bodyscript measure', () => {
  test.each<[Given, unknown]>([
    [{ personHeight: '1.78' }, { kind: 'stature', metres: 1.78 }],
    [{ scale: '212.5' }, { kind: 'given', pxPerMetre: 212.5 }],
    [{ calibrate: '10, 20,310,420,2.5' }, { kind: 'line', line: { x1: 10, y1: 20, x2: 310, y2: 420 }, metres: 2.5 }],
  ])('%j is one', (flags, expected) => {
    expect(chosen(flags)).toEqual(expected);
  });

  test('none, or two, are refused with what to do', () => {
    expect(() => chosen({})).toThrow('no scale given: the length of a metre in pixels is unknown');
    expect(() => chosen({ personHeight: '1.8', scale: '200' })).toThrow(
      '--person-height and --scale: both set the scale',
    );
    const both = { BODYSCRIPT_SCALE: '200', BODYSCRIPT_PERSON_HEIGHT: '1.8' };
    expect(() => chosen({}, both)).toThrow('BODYSCRIPT_PERSON_HEIGHT and BODYSCRIPT_SCALE: both set the scale');
  });

  test('the command line wins over a variable', () => {
    expect(chosen({ scale: '200' }, { BODYSCRIPT_PERSON_HEIGHT: '1.8' })).toEqual({ kind: 'given', pxPerMetre: 200 });
  });

  test.each<[keyof typeof MEASURE, string]>([
    ['personHeight', '178'],
    ['scale', '0'],
    ['scale', '-200'],
    ['scale', '1e9'],
    ['scale', 'x'],
    ['calibrate', '10,20,10,20,1'],
    ['calibrate', '10,20,310,420'],
    ['calibrate', '10,20,310,420,0'],
    ['calibrate', '10,20,310,420,-1'],
    ['calibrate', '10,20,310,420,5000'],
    ['calibrate', '10,20,310,,1'],
    ['calibrate', '10,20,310,NaN,1'],
    ['ground', '10,20,12,20'],
    ['ground', '10,20,20,600'],
    ['ground', '10,20,300'],
    ['joints', 'left_hand'],
    ['between', 'left_heel'],
    ['between', 'left_heel,left_heel'],
    ['between', 'left_heel,right_heel,nose'],
    ['minConfidence', '2'],
  ])('--%s %s is refused', (name, value) => {
    expect(() => resolveOptions(MEASURE, [flagLayer({ [name]: value })])).toThrow('must be');
  });

  test('a ground may be given from either end', () => {
    const ground = (text: string) => resolveOptions(MEASURE, [flagLayer({ ground: text })]).values.ground;
    expect(ground('10,20,300,60')).toEqual({ x1: 10, y1: 20, x2: 300, y2: 60 });
    expect(ground('300,60,10,20')).toEqual({ x1: 300, y1: 60, x2: 10, y2: 20 });
  });
});
