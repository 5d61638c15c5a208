#!/usr/bin/env bash
# Prints the time of each frame in which the right wrist is above the right shoulder:
#   bash pipeline.sh wave.mp4
# Video goes in and a table comes out through pipes; no file lies in between. Times are those of the pipe's
# container: Matroska counts whole milliseconds.
set -euo pipefail

ffmpeg -nostdin -v error -i "$1" -map 0:v:0 -c copy -f matroska - |
  bodyscript analyze - --csv - --csv-layout wide --quiet |
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next } # Find columns by name.
    $column["person_id"] == "" { next }                        # Nobody was found in this frame.
    $column["right_wrist_y"] < $column["right_shoulder_y"] { print $column["timestamp"] } # y grows downwards.
  '
