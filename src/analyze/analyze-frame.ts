import type { PoseEngine } from '../engine/pose-engine.js';
import type { Frame } from '../model/frame.js';
import type { FrameResult, PersonResult } from '../model/result.js';
import { IdentityKeeper } from '../select/identity.js';
import { scorePose } from '../select/score.js';
import type { Mode } from '../strategies/modes.js';

/** Works on one frame after another of a video: tries, scores, chooses. What it remembers of a video is here and nowhere else. */
export class FrameAnalyzer {
  readonly #engine: PoseEngine;
  readonly #mode: Mode;
  readonly #identities: IdentityKeeper;
  #previous: FrameResult | undefined;

  /** @param aspect width of the pictures over their height */
  constructor(engine: PoseEngine, mode: Mode, people: number, aspect: number) {
    this.#engine = engine;
    this.#mode = mode;
    this.#identities = new IdentityKeeper(people, aspect);
  }

  async analyze(frame: Frame): Promise<FrameResult> {
    const people = await this.#findPeople(frame);
    const { frameId, timestamp } = frame;
    const status =
      people.length === 0 ? 'missing' : people.some(person => person.status === 'tracked') ? 'tracked' : 'detected';
    this.#previous = { frameId, timestamp, status, people };
    return this.#previous;
  }

  async #findPeople(frame: Frame): Promise<PersonResult[]> {
    for (const strategy of this.#mode.strategies) {
      const view = strategy.view(frame, { previous: this.#previous });
      const found = this.#mode.follows
        ? await this.#engine.track(view.image, frame.timestamp)
        : await this.#engine.detect(view.image);
      if (found.length === 0) continue;
      const poses = found.map(pose => view.toFrame(pose));
      const ids = this.#identities.identify(poses);
      return poses
        .map((pose, index) => this.#describe(pose, ids[index] as number, strategy.name))
        .sort((a, b) => a.personId - b.personId);
    }
    this.#identities.identify([]);
    return [];
  }

  #describe(pose: PersonResult['pose'], personId: number, strategy: string): PersonResult {
    const wasThere = this.#previous?.people.some(person => person.personId === personId) ?? false;
    return {
      personId,
      pose,
      strategy,
      status: this.#mode.follows && wasThere ? 'tracked' : 'detected',
      score: scorePose(pose),
    };
  }
}
