/** An ONNX network of the right hash: its bytes, or a file. */
export type NetworkFile = Uint8Array | NetworkOnDisk;

/** A network's file, which could be replaced before it is loaded. */
export interface NetworkOnDisk {
  readonly path: string;
  /**
   * Whether it is optimised already, for this machine, and its weights can be mapped. Else it is the portable form,
   * which onnxruntime copies.
   */
  readonly isMapped: boolean;
  /** To be asked after loading: whether what was loaded is what was hashed. */
  isUnchanged(): Promise<boolean>;
  /** The right bytes in the portable form, where it was not. @throws BodyscriptError `MODEL_INVALID`, `MODEL_HASH` */
  bytes(): Promise<Uint8Array>;
}
