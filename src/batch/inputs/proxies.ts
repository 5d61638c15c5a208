import { extname } from 'node:path';

/** Small preview copies that action cameras and drones record beside the video: GoPro, Insta360 and DJI. */
const PROXY = /\.(lrv|lrf)$/i;
const WHOLE = /\.(mp4|mov|360|insv)$/i;

/** The part of the name that a small copy and its video share. */
function recordingOf(name: string): string {
  const stem = name.slice(0, -extname(name).length).toLowerCase();
  return stem
    .replace(/^g[hlx](?=\d{6})/, 'g_') // GL010001.LRV beside GX010001.MP4
    .replace(/^(lrv|vid)_(\d+_\d+)_\d\d_(\d+)$/, '_$2_$3'); // LRV_..._11_001.lrv beside VID_..._00_001.insv
}

/**
 * The files of a folder that are small copies of a video beside them. A copy whose video is elsewhere does not count.
 */
export function proxiesAmong(names: readonly string[]): ReadonlySet<string> {
  const proxies = names.filter(name => PROXY.test(name));
  if (proxies.length === 0) return new Set();
  const whole = new Set(names.filter(name => WHOLE.test(name)).map(recordingOf));
  return new Set(proxies.filter(name => whole.has(recordingOf(name))));
}
