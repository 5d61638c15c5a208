import { createHash } from 'node:crypto';
import type { Database } from './database.js';

/** The number of videos, and how many of them are this command's own: with shards fewer. */
export interface Registered {
  readonly found: number;
  readonly own: number;
}

/**
 * Gives each input of `temp.inputs` its job, and the name of its outputs: the path without its extension; with the
 * extension if two would share a name (`walk.mp4` and `walk.mov`); below the name of their folders if that is not
 * enough (`a/walk.mp4` and `b/walk.mp4`). An existing name is kept. The choice depends only on the inputs, not on their
 * order or on the shard, unless `isUnique`.
 * @param isUnique whether the names of other videos, which are no inputs, are avoided
 */
export function registerInputs(db: Database, now: number, isUnique: boolean): Registered {
  const taken = `SELECT name FROM inputs WHERE name IS NOT NULL${isUnique ? ' UNION SELECT name FROM jobs' : ''}`;
  db.exec(`
    CREATE INDEX IF NOT EXISTS temp.inputs_by_stem ON inputs (stem);
    CREATE INDEX IF NOT EXISTS temp.inputs_by_name ON inputs (name);
    UPDATE inputs SET (job, name) = (SELECT id, name FROM jobs WHERE jobs.path = inputs.path)
      WHERE path IN (SELECT path FROM jobs);
    UPDATE inputs SET name = stem WHERE name IS NULL
      AND stem NOT IN (SELECT stem FROM inputs GROUP BY stem HAVING count(*) > 1)
      AND stem NOT IN (${taken});
    UPDATE inputs SET name = relative WHERE name IS NULL
      AND relative NOT IN (SELECT relative FROM inputs WHERE name IS NULL GROUP BY relative HAVING count(*) > 1)
      AND relative NOT IN (${taken});
    UPDATE inputs SET name = nested WHERE name IS NULL
      AND nested NOT IN (SELECT nested FROM inputs WHERE name IS NULL GROUP BY nested HAVING count(*) > 1)
      AND nested NOT IN (${taken});
  `);
  // The rest have twins in folders with the same name: their paths distinguish them.
  for (const { position, path, relative } of [
    ...db.all('SELECT position, path, relative FROM temp.inputs WHERE name IS NULL'),
  ]) {
    const digest = createHash('sha256').update(String(path)).digest('hex').slice(0, 8);
    db.run('UPDATE temp.inputs SET name = ? WHERE position = ?', `${relative}.${digest}`, Number(position));
  }
  db.run(
    'INSERT OR IGNORE INTO jobs (path, name, queued_at) SELECT path, name, ? FROM temp.inputs WHERE mine = 1 AND job IS NULL ORDER BY position',
    now,
  );
  db.run('UPDATE temp.inputs SET job = (SELECT id FROM jobs WHERE jobs.path = inputs.path) WHERE mine = 1');
  db.run('UPDATE temp.inputs SET job = NULL WHERE mine = 0');
  const counts = db.get('SELECT count(*) AS found, coalesce(sum(mine), 0) AS own FROM temp.inputs');
  return { found: Number(counts?.found), own: Number(counts?.own) };
}
