import { IK_MARKERS, IK_MEASUREMENTS, type IkMeasurement } from './markers.js';

/** The data for a person's set-ups. */
export interface SetupFacts {
  /** `person-0`: all files of the person begin with it. */
  readonly name: string;
  /** Seconds of the frames used to scale the model. */
  readonly scaling: readonly [from: number, to: number];
  /** Seconds of all frames. */
  readonly range: readonly [from: number, to: number];
  /** Names of markers known in every frame for scaling. */
  readonly scalable: ReadonlySet<string>;
  /** Names of markers known in any frame. */
  readonly seen: ReadonlySet<string>;
}

/** The files that the user puts beside the set-ups: both come from Pose2Sim. */
export const MODEL_FILE = 'Model_Pose2Sim_simple.osim';
export const MARKER_SET_FILE = 'Markers_BlazePose.xml';

/**
 * The trunk of 33 landmarks does not separate lumbar from hip flexion: a small weight keeps the lumbar joint neutral.
 */
const LUMBAR_WEIGHT = 0.1;

const document = (tool: string) => `<?xml version="1.0" encoding="UTF-8" ?>
<OpenSimDocument Version="40000">
${tool}
</OpenSimDocument>
`;

/** The measurements with at least one known side. */
export function knownMeasurements(scalable: ReadonlySet<string>): IkMeasurement[] {
  return IK_MEASUREMENTS.map(measurement => ({
    ...measurement,
    pairs: measurement.pairs.filter(([from, to]) => scalable.has(from) && scalable.has(to)),
  })).filter(({ pairs }) => pairs.length > 0);
}

function measurementXml({ name, pairs, bodies }: IkMeasurement): string {
  const pairsXml = pairs.map(([from, to]) => `<MarkerPair><markers>${from} ${to}</markers></MarkerPair>`).join('');
  const bodiesXml = bodies.map(body => `<BodyScale name="${body}"><axes>X Y Z</axes></BodyScale>`).join('');
  return `          <Measurement name="${name}">
            <apply>true</apply>
            <MarkerPairSet><objects>${pairsXml}</objects></MarkerPairSet>
            <BodyScaleSet><objects>${bodiesXml}</objects></BodyScaleSet>
          </Measurement>`;
}

/** A set-up of OpenSim's scale tool: lengths between markers make the model as large as the person. */
export function scaleSetup({ name, scaling, scalable }: SetupFacts): string {
  return document(`  <ScaleTool name="${name}">
    <!-- -1: the model's own mass. Inverse dynamics needs the person's. -->
    <mass>-1</mass>
    <GenericModelMaker>
      <model_file>${MODEL_FILE}</model_file>
      <marker_set_file>${MARKER_SET_FILE}</marker_set_file>
    </GenericModelMaker>
    <ModelScaler>
      <apply>true</apply>
      <scaling_order>measurements</scaling_order>
      <MeasurementSet>
        <objects>
${knownMeasurements(scalable).map(measurementXml).join('\n')}
        </objects>
      </MeasurementSet>
      <marker_file>${name}.trc</marker_file>
      <!-- The frames in which the person's joints are surest. -->
      <time_range>${scaling.join(' ')}</time_range>
      <preserve_mass_distribution>true</preserve_mass_distribution>
      <output_model_file>${name}.osim</output_model_file>
    </ModelScaler>
    <MarkerPlacer>
      <apply>false</apply>
    </MarkerPlacer>
  </ScaleTool>`);
}

/** A set-up of OpenSim's inverse kinematics: the scaled model follows the markers. */
export function ikSetup({ name, range, seen }: SetupFacts): string {
  const tasks = IK_MARKERS.filter(marker => seen.has(marker.name)).map(
    ({ name: marker, weight }) =>
      `        <IKMarkerTask name="${marker}"><apply>true</apply><weight>${weight}</weight></IKMarkerTask>`,
  );
  return document(`  <InverseKinematicsTool name="${name}">
    <results_directory>./</results_directory>
    <model_file>${name}.osim</model_file>
    <constraint_weight>Inf</constraint_weight>
    <accuracy>1e-05</accuracy>
    <IKTaskSet>
      <objects>
${tasks.join('\n')}
        <IKCoordinateTask name="L5_S1_Flex_Ext">
          <apply>true</apply>
          <weight>${LUMBAR_WEIGHT}</weight>
          <value_type>default_value</value_type>
        </IKCoordinateTask>
      </objects>
    </IKTaskSet>
    <marker_file>${name}.trc</marker_file>
    <time_range>${range.join(' ')}</time_range>
    <output_motion_file>${name}.mot</output_motion_file>
    <report_errors>true</report_errors>
    <report_marker_locations>false</report_marker_locations>
  </InverseKinematicsTool>`);
}
