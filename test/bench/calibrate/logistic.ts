import { Matrix, solve } from 'ml-matrix';

/** Examples of a binary outcome: rows of evidence, one after another, with the outcome and weight of each row. */
export interface Examples {
  /** Values per row. */
  readonly width: number;
  readonly rows: Float64Array;
  /** 0 or 1. */
  readonly labels: Float64Array;
  readonly weights: Float64Array;
}

const ROUNDS = 30;
const SMALL_STEP = 1e-6;

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

export function predict(rows: Float64Array, i: number, width: number, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += rows[i * width + k]! * weights[k]!;
  return sigmoid(sum);
}

/** Of the log likelihood, by the weights: the hessian's lower triangle, with the sign turned. */
function derivatives({ width, rows, labels, weights }: Examples, fitted: Float64Array) {
  const gradient = new Float64Array(width);
  const hessian = new Float64Array(width * width);
  for (let i = 0; i < labels.length; i++) {
    const p = predict(rows, i, width, fitted);
    const error = weights[i]! * (labels[i]! - p);
    const curve = weights[i]! * Math.max(1e-6, p * (1 - p));
    for (let a = 0; a < width; a++) {
      const value = rows[i * width + a]!;
      if (value === 0) continue;
      gradient[a] = gradient[a]! + error * value;
      for (let b = 0; b <= a; b++) {
        const at = a * width + b;
        hessian[at] = hessian[at]! + curve * value * rows[i * width + b]!;
      }
    }
  }
  return { gradient, hessian };
}

/**
 * Logistic regression by iteratively reweighted least squares (Newton's method; Hastie, Tibshirani and Friedman, "The
 * Elements of Statistical Learning", 4.4.1), with a penalty on the squares of all weights but the first.
 */
export function fitLogistic(examples: Examples, penalty: number): Float64Array {
  const { width, weights } = examples;
  let fitted = new Float64Array(width);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let round = 0; round < ROUNDS; round++) {
    const { gradient, hessian } = derivatives(examples, fitted);
    for (let a = 0; a < width; a++) {
      const ridge = a === 0 ? 1e-9 * total : penalty * total;
      gradient[a] = gradient[a]! - ridge * fitted[a]!;
      hessian[a * width + a] = hessian[a * width + a]! + ridge;
      for (let b = 0; b < a; b++) hessian[b * width + a] = hessian[a * width + b]!;
    }
    const matrix = Matrix.from1DArray(width, width, [...hessian]);
    const step = solve(matrix, Matrix.columnVector([...gradient])).to1DArray();
    fitted = fitted.map((weight, k) => weight + step[k]!);
    if (Math.max(...step.map(Math.abs)) < SMALL_STEP) break;
  }
  return fitted;
}
