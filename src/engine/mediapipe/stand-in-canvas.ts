/** A picture whose bytes the stand-in context passes on. */
interface PixelSource {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface Texture {
  source: PixelSource | undefined;
}

interface Framebuffer {
  texture: Texture | undefined;
}

/** Constants and answers of the WebGL 2 specification that tasks-vision 1.1.0 reads. */
const GL = {
  TEXTURE_2D: 0x0de1,
  RGBA: 0x1908,
  UNSIGNED_BYTE: 0x1401,
  UNPACK_FLIP_Y_WEBGL: 0x9240,
  VENDOR: 0x1f00,
  RENDERER: 0x1f01,
  VERSION: 0x1f02,
  SHADING_LANGUAGE_VERSION: 0x8b8c,
  MAX_TEXTURE_SIZE: 0x0d33,
  FRAMEBUFFER_COMPLETE: 0x8cd5,
  ALREADY_SIGNALED: 0x911a,
} as const;
const LARGEST_TEXTURE = 16_384;

/**
 * Stands in for a WebGL 2 context. With the CPU delegate, tasks-vision 1.1.0 uses WebGL only to pass pixels: it uploads
 * the picture as a texture and reads it back into the WASM heap. So this class keeps the bound texture's bytes and
 * copies them: one memcpy a frame.
 */
function createContext(canvas: StandInCanvas): object {
  let bound: Texture | undefined;
  let framebuffer: Framebuffer | undefined;
  const context: Record<string | symbol, unknown> = {
    ...GL,
    canvas,
    drawingBufferWidth: 1,
    drawingBufferHeight: 1,
    // Read by the WASM glue: 0 means that readPixels writes to memory, not to a buffer object.
    currentPixelPackBufferBinding: 0,
    currentPixelUnpackBufferBinding: 0,
    getContextAttributes: () => ({ alpha: true }),
    isContextLost: () => false,
    getError: () => 0,
    getExtension: () => null,
    getSupportedExtensions: () => [],
    getParameter: (name: number) => {
      if (name === GL.VERSION) return 'WebGL 2.0';
      if (name === GL.SHADING_LANGUAGE_VERSION) return 'WebGL GLSL ES 3.00';
      if (name === GL.VENDOR || name === GL.RENDERER) return 'stand-in';
      return name === GL.MAX_TEXTURE_SIZE ? LARGEST_TEXTURE : 0;
    },
    createTexture: (): Texture => ({ source: undefined }),
    deleteTexture: (texture: Texture | null) => {
      if (texture) texture.source = undefined;
    },
    bindTexture: (_target: number, texture: Texture | null) => {
      bound = texture ?? undefined;
    },
    texImage2D: (...args: unknown[]) => {
      // (target, level, internalformat, format, type, source); the longer form allocates without pixels.
      if (bound) bound.source = args.length === 6 ? (args[5] as PixelSource) : undefined;
    },
    createFramebuffer: (): Framebuffer => ({ texture: undefined }),
    bindFramebuffer: (_target: number, value: Framebuffer | null) => {
      framebuffer = value ?? undefined;
    },
    framebufferTexture2D: (_target: number, _attachment: number, _kind: number, texture: Texture | null) => {
      if (framebuffer) framebuffer.texture = texture ?? undefined;
    },
    checkFramebufferStatus: () => GL.FRAMEBUFFER_COMPLETE,
    readPixels: (...args: unknown[]) => {
      // (x, y, width, height, format, type, heap, offset)
      const pixels = framebuffer?.texture?.source?.data;
      if (!pixels) throw new Error('the picture was read back before it was handed over');
      (args[6] as Uint8Array).set(pixels, args[7] as number);
    },
    createBuffer: () => ({}),
    createVertexArray: () => ({}),
    fenceSync: () => ({}),
    clientWaitSync: () => GL.ALREADY_SIGNALED,
  };
  const nothing = () => {};
  // Every other call sets up drawing that never happens.
  return new Proxy(context, {
    get: (target, name) => target[name] ?? (typeof name === 'symbol' ? undefined : nothing),
  });
}

/** Stands in for the canvas that tasks-vision asks for. */
export class StandInCanvas {
  width = 1;
  height = 1;
  #context: object | undefined;

  getContext(kind: string): object | null {
    if (kind !== 'webgl2') return null;
    this.#context ??= createContext(this);
    return this.#context;
  }

  addEventListener(): void {}
  removeEventListener(): void {}
}
