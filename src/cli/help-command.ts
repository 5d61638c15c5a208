import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { CSV_COLUMNS } from '../formats/csv-writer.js';
import { closest } from '../options/suggest.js';
import { MODE_NAMES, MODES } from '../strategies/modes.js';

const TOPICS: Readonly<Record<string, () => string>> = {
  'exit-codes': () => `Exit codes
    0  done
    1  failed; what was computed is kept as *.partial
    2  wrong usage, or a configuration that cannot be used; nothing was done
    3  some videos failed, the others are done; batch.json says which
    4  compare found a difference
    5  not enough memory: stopped before the system would have
  130  interrupted by Ctrl-C, 143 by SIGTERM; the same command goes on from there
A reader that goes away ("| head") is no failure: 0.`,
  csv: () => `The landmark table: one header line, UTF-8, LF, decimal points, nothing where there is no value.
--csv-layout long (usual): a row for each frame, person and landmark
  ${CSV_COLUMNS.join(', ')}
--csv-layout wide: a row for each frame and person
  frame_id, timestamp, person_id, status, strategy, score, then for each landmark nose_x, nose_y, nose_z, nose_visibility,
  nose_x_px, nose_y_px, nose_world_x, nose_world_y, nose_world_z, nose_confidence

timestamp   the frame's own presentation time in seconds, not frame_id / fps
x, y        fractions of the picture's width and height; x_px, y_px in pixels
z           depth in the scale of x, 0 at the hips, smaller is nearer
world_*     metres, 0 at the hips
strategy    the attempt that won: original (followed in the frame as it is), clahe+heavy (followed by the refining network, each part of the
            picture with its own contrast), fused (mean of several attempts), box+heavy (found by the person finder), crop+auto_levels (a
            retry, with stretched levels)
score       0-1: the probability that the pose is right. A low one is no reason to be left out, unless --min-score is given
confidence  0-1: the probability that this joint lies within 0.2 torso lengths of its true place; empty where nothing judged it.
            In a filtered table, what was filled in has the lower one of both neighbours'
status      detected, tracked, missing (nobody found: the row is there, without coordinates), filled
left, right the person's own, not the picture's`,
  angles:
    () => `Angles (--angles: NAME.angles.csv), in degrees, after the conventions of the ISB: flexion is positive, neutral standing is 0

       head          neck        0 in line with the trunk, + chin forward
      /              trunk       0 upright, + forward (seen from the front: + to the picture's right)
  shoulder           shoulder    0 arm along the trunk, + forward and sideways, - backward
   |   \\             elbow       0 straight, + bent
  hip   elbow        wrist       0 straight, + bent to either side
   |      \\          hip         0 thigh in line with the trunk, + thigh forward and sideways, - backward
  knee     wrist     knee        0 straight, + bent, - bent the wrong way
   |                 ankle       0 foot at a right angle to the shank, + toes up, - toes down
  ankle              pelvis, shoulder_girdle   0 level, + the person's left is higher
     \\_ toe          *_segment   from the joint nearer to the trunk: 0 to the picture's right, + counter-clockwise

degrees_2d   in the picture, from pixels. Who is seen from the front or the back has no forward there: sizes alone
degrees_3d   in space, from world landmarks, whose vertical is the camera's. Weaker: off by 5 to 14 degrees on our samples, the picture's by 1 to 5
confidence   the lowest confidence of the landmarks that the angle is made of; of a table without confidences the lowest visibility`,
  modes: () => `Modes
${MODE_NAMES.map(name => `  ${name.padEnd(11)} ${MODES[name].summary}`).join('\n')}

smart spends, over a video, about as much time as following with the refining network alone would take; easy frames save for hard ones.
The run record tells in how many frames that was too little (budget.framesOverBudget). quality makes every attempt.
In both the tracker's pose stays, with a low score, unless nobody is there or the pose is somebody else's; --min-score leaves out more.`,
  pipes: () => `Pipes
  ffmpeg -i cam.mov -c copy -f matroska - | bodyscript analyze - --csv -      table on stdout while frames are read
  bodyscript analyze walk.mp4 --ndjson - | jq .people[0].score                an object for each frame
  bodyscript analyze walk.mp4 --overlay - | ffplay -                          the overlay as fragmented MP4
With one of these only what else is named is written: add --overlay auto, --csv auto or -o DIR (the run record) for files.
An MP4 can come through stdin only with its index first (-movflags +faststart); Matroska, MPEG-TS, WebM, AVI and others as they are.
stdout carries data alone; all else is on stderr, and --log-json makes that lines of JSON.`,
  config: () => `Configuration
Each option can stand in a file, a variable or on the command line; the later wins.
  bodyscript.config.toml (or .json), found from the working folder upwards; --config FILE or BODYSCRIPT_CONFIG names another
    [analyze]
    minScore = 0.5
    csvLayout = "wide"
    [compare]
    tolerance = "1px"
    landmarks = { left_wrist = "5px" }
  BODYSCRIPT_MIN_SCORE=0.5, BODYSCRIPT_CSV_LAYOUT=wide
  --min-score 0.5 --csv-layout wide
A file that is found by itself says how something is computed, and cannot act: what names a program (ffmpeg), a place to write (out, csv, junit ...) or a
file to load (model), or permits to replace, delete, do again or pass a limit (overwrite, keep, retryFailed, follow, maxPixels), comes from the command line, a variable, or a
file that is named with --config or BODYSCRIPT_CONFIG. "auto", false and names of networks are no places. The file in use is named on stderr.
Paths in a file are taken from the working folder, as on the command line. A file is at most 1 MB.
bodyscript analyze --print-config shows each value and where it came from. Editors find the schema of the JSON file in the package:
  "$schema": "./node_modules/bodyscript/dist/schemas/config.schema.json"`,
};

/** `bodyscript help [TOPIC]`: a topic, a command, or the program. @throws UsageError for another word */
export async function showHelp(program: Command, topic: string | undefined): Promise<void> {
  if (topic === undefined) return program.outputHelp();
  const text = TOPICS[topic];
  if (text) {
    process.stdout.write(`${text()}\n`);
    return;
  }
  const command = program.commands.find(other => other.name() === topic);
  if (command) return command.outputHelp();
  const known = [...Object.keys(TOPICS), ...program.commands.map(other => other.name())];
  const near = closest(topic, known);
  throw new UsageError(
    `help: there is nothing on "${topic}"`,
    near === undefined ? `There is: ${known.join(', ')}.` : `Did you mean "bodyscript help ${near}"?`,
  );
}
