/** An ONNX network with the right hash: its bytes, or a file. */
export type NetworkFile = Uint8Array | NetworkOnDisk;

/** A network's file, which could be replaced before it is loaded. */
export interface NetworkOnDisk {
  readonly path: string;
  /**
   * Whether it is already optimised for this machine, so that its weights can be mapped. Otherwise it is the portable
   * form, which onnxruntime copies.
   */
  readonly isMapped: boolean;
  /** Call it after loading: whether the loaded bytes are the hashed ones. */
  isUnchanged(): Promise<boolean>;
  /** The right bytes in the portable form, if it was not. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH` */
  bytes(): Promise<Uint8Array>;
}
