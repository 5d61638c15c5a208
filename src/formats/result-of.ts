import { type FrameResult, type FrameStatus, type PersonResult, statusOf } from '../model/result.js';
import type { TableFrame, TablePerson } from '../model/table-frame.js';
import { poseOf } from './pose-of.js';

const statusOfPerson = ({ status }: TablePerson) => status as PersonResult['status'];

/** The status of a table's frame, from the people in it. */
export function statusOfFrame({ people }: TableFrame): FrameStatus {
  return statusOf(people.map(person => ({ status: statusOfPerson(person) })));
}

/** A frame of a table in an analysis's form, with the table's own numbers; NaN for absent coordinates. */
export function resultOf({ frameId, timestamp, people }: TableFrame): FrameResult {
  const results = people.map(
    (person): PersonResult => ({
      personId: person.personId,
      status: statusOfPerson(person),
      strategy: person.strategy,
      score: person.score ?? 0,
      pose: poseOf(person),
    }),
  );
  return { frameId, timestamp, status: statusOf(results), people: results };
}
