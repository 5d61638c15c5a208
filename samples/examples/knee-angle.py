# Computes and plots the knee angles of a landmark table with pandas:
#   bodyscript analyze walk.mp4 -o results && python knee-angle.py results/walk.csv
# It writes walk.knees.csv and walk.knees.png into the current folder.
# It needs: pip install pandas matplotlib
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # Draw into a file, without a window.
import numpy as np
import pandas as pd

path = Path(sys.argv[1])
rows = pd.read_csv(path).dropna(subset=["person_id"])  # Frames without a person have no person_id.
rows = rows[rows.confidence > 0.5]  # Leave out joints that are probably wrong.

# One row for each frame and person, one column for each joint. Pixels, since x and y are
# fractions of the width and the height, which differ.
joints = rows.pivot(
    index=["frame_id", "timestamp", "person_id"], columns="landmark_name", values=["x_px", "y_px"]
)


def knee_flexion(side):
    """Degrees in the image plane: 0 is a straight leg."""
    hip, knee, ankle = (
        joints[[("x_px", f"{side}_{name}"), ("y_px", f"{side}_{name}")]].to_numpy()
        for name in ("hip", "knee", "ankle")
    )
    thigh, shank = hip - knee, ankle - knee
    cosine = (thigh * shank).sum(axis=1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shank, axis=1)
    return 180 - np.degrees(np.arccos(np.clip(cosine, -1, 1)))


knees = pd.DataFrame({side: knee_flexion(side) for side in ("left", "right")}, index=joints.index)
knees.round(2).to_csv(f"{path.stem}.knees.csv")
print(knees.groupby("person_id").agg(["min", "max"]).round(1))

axes = knees.reset_index().plot(x="timestamp", y=["left", "right"], xlabel="time (s)", ylabel="knee flexion (°)")
axes.figure.savefig(f"{path.stem}.knees.png", dpi=150)
