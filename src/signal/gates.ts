/** The gates of the tool before this one. */
const GATES = { detectionRate: 0.8, confidence: 0.6, consistency: 0.7, missingRate: 0.2 } as const;

/** What the gates are about, 0-1 each. */
export type Gated = Readonly<Record<keyof typeof GATES, number>>;

/** The gates that are not passed, each in a few words. */
export function failedGates(measured: Gated): string[] {
  const { detectionRate, confidence, consistency, missingRate } = measured;
  const told = (value: number) => value.toFixed(2);
  return [
    detectionRate < GATES.detectionRate && `detection rate ${told(detectionRate)}, below ${GATES.detectionRate}`,
    confidence < GATES.confidence && `confidence ${told(confidence)}, below ${GATES.confidence}`,
    consistency < GATES.consistency && `consistency ${told(consistency)}, below ${GATES.consistency}`,
    missingRate > GATES.missingRate && `missing ${told(missingRate)}, above ${GATES.missingRate}`,
  ].filter(reason => reason !== false);
}
