/** Viridis (van der Walt and Smith, 2015) at equal steps: rises evenly in lightness, with any kind of sight. */
export const VIRIDIS = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];
