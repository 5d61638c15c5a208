/**
 * A type without properties that a schema cannot express: read-only parts become plain ones, and undefined ones
 * optional.
 */
export type PlainType<T> = T extends Float32Array
  ? Float32Array
  : T extends Float64Array
    ? Float64Array
    : T extends Date
      ? T
      : T extends ReadonlyMap<infer K, infer V>
        ? Map<K, PlainType<V>>
        : T extends ReadonlySet<infer V>
          ? Set<PlainType<V>>
          : T extends readonly (infer V)[]
            ? PlainType<V>[]
            : T extends object
              ? Flat<
                  { -readonly [K in keyof T as undefined extends T[K] ? never : K]: PlainType<T[K]> } & {
                    -readonly [K in keyof T as undefined extends T[K] ? K : never]?: PlainType<T[K]> | undefined;
                  }
                >
              : T;

type Flat<T> = { [K in keyof T]: T[K] };
