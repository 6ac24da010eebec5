import { describe, expect, it } from 'vitest';
import { count, counted, fraction, moment, percent, percentAtMost, quantity, significant, span, time } from './quantities.ts';

describe('numbers', () => {
  it('of time take the unit that leaves three digits', () => {
    expect([0, 1, 812, 999, 999.4, 999.6, 1_000, 1_004, 12_340, 999_400, 999_600, 1_054_000, 61_004_112, 3_600_000_000].map(time)).toEqual([
      '0 µs',
      '1 µs',
      '812 µs',
      '999 µs',
      '999 µs',
      '1.00 ms',
      '1.00 ms',
      '1.00 ms',
      '12.3 ms',
      '999 ms',
      '1.00 s',
      '1.05 s',
      '61.0 s',
      '3,600 s',
    ]);
  });

  it('that are fractions never look like 0 or 1 when they are not', () => {
    expect([0, 1, 0.5, 0.9987, 0.99996, 0.9999999, 0.00001, 0.00004999, 0.12345].map(fraction)).toEqual([
      '0',
      '1',
      '0.5',
      '0.9987',
      '0.99996',
      '0.9999999',
      '0.00001',
      '0.00005',
      '0.1235',
    ]);
  });

  it('keep three significant digits without exponents', () => {
    expect([0, 1.306, 9.996, 99.96, 999.6, 1_234.5, 0.00012345, 1e-9, -2.5].map(significant)).toEqual([
      '0',
      '1.31',
      '10.0',
      '100',
      '1,000',
      '1,235',
      '0.000123',
      '0.00000000100',
      '-2.50',
    ]);
  });

  it('of one thing are singular', () => {
    expect([0, 1, 2, 2_041].map((users) => counted(users, 'user'))).toEqual(['0 users', '1 user', '2 users', '2,041 users']);
  });

  it('come with their unit', () => {
    expect([
      quantity(84_512, 'requests'),
      quantity(21.8, 'requests/s'),
      quantity(2_814.97, 'requests/s'),
      quantity(1.6923, 'backends'),
      quantity(999, 'bytes'),
      quantity(123_456_789, 'bytes'),
      count(2.5),
    ]).toEqual(['84,512', '21.8/s', '2,815/s', '1.69', '999 B', '123 MB', '2.50']);
  });

  it('of moments and spans are told as people tell them', () => {
    expect([moment(12_904_000), span(4_050_000), span(45_200_000), span(125_000_000), span(3_725_000_000)]).toEqual([
      '12.904 s',
      '4.1 s',
      '45.2 s',
      '2 min 5 s',
      '1 h 2 min',
    ]);
  });

  it('of shares round to whole per cent, but not to none or all', () => {
    expect([0, 0.004, 0.01, 0.33, 0.994, 1].map(percent)).toEqual(['0 %', '<1 %', '1 %', '33 %', '>99 %', '100 %']);
  });

  it('of upper limits are never rounded down', () => {
    expect([3 / 12_345, 0.0363, 0.05, 0.0001, 3 / 84_512, 3.2e-7, 1].map(percentAtMost)).toEqual([
      '0.03 %',
      '3.63 %',
      '5 %',
      '0.01 %',
      '0.004 %',
      '0.00004 %',
      '100 %',
    ]);
  });
});
