"""The script that one writes in an afternoon: MediaPipe's Pose on a video, landmarks to CSV, skeletons to MP4.

usage: plain_script.py VIDEO CSV [--overlay MP4] [--complexity 0|1|2] [--confidence 0.5]

A frame in which nobody is found has rows without numbers, so that times stay regular.
"""
import argparse
import csv

import cv2
import mediapipe as mp

LANDMARKS = 33
COLUMNS = ["frame_id", "timestamp", "landmark_id", "x_px", "y_px", "visibility", "world_x", "world_y", "world_z"]


def rows_of(frame_id, seconds, width, height, result):
    if not result.pose_landmarks:
        for landmark_id in range(LANDMARKS):
            yield [frame_id, f"{seconds:.6f}", landmark_id, "", "", "", "", "", ""]
        return
    pairs = zip(result.pose_landmarks.landmark, result.pose_world_landmarks.landmark)
    for landmark_id, (point, world) in enumerate(pairs):
        yield [
            frame_id,
            f"{seconds:.6f}",
            landmark_id,
            f"{point.x * width:.3f}",
            f"{point.y * height:.3f}",
            f"{point.visibility:.4f}",
            f"{world.x:.5f}",
            f"{world.y:.5f}",
            f"{world.z:.5f}",
        ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("video")
    parser.add_argument("csv")
    parser.add_argument("--overlay")
    parser.add_argument("--complexity", type=int, default=1)
    parser.add_argument("--confidence", type=float, default=0.5)
    options = parser.parse_args()

    capture = cv2.VideoCapture(options.video)
    if not capture.isOpened():
        raise SystemExit(f"{options.video}: cannot be opened")
    width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
    height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
    rate = capture.get(cv2.CAP_PROP_FPS)
    writer = None
    if options.overlay:
        writer = cv2.VideoWriter(options.overlay, cv2.VideoWriter_fourcc(*"mp4v"), rate, (width, height))

    drawing = mp.solutions.drawing_utils
    style = mp.solutions.drawing_styles.get_default_pose_landmarks_style()
    connections = mp.solutions.pose.POSE_CONNECTIONS
    settings = {
        "model_complexity": options.complexity,
        "min_detection_confidence": options.confidence,
        "min_tracking_confidence": options.confidence,
    }
    with mp.solutions.pose.Pose(**settings) as pose, open(options.csv, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        frame_id = 0
        while True:
            there, frame = capture.read()
            if not there:
                break
            result = pose.process(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
            table.writerows(rows_of(frame_id, frame_id / rate, width, height, result))
            if writer:
                if result.pose_landmarks:
                    drawing.draw_landmarks(frame, result.pose_landmarks, connections, landmark_drawing_spec=style)
                writer.write(frame)
            frame_id += 1
    if writer:
        writer.release()
    capture.release()


if __name__ == "__main__":
    main()
