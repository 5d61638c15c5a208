# Computes and plots the knee angles of a landmark table with base R, without any package:
#   bodyscript analyze walk.mp4 -o results --csv-layout wide && Rscript knee-angle.R results/walk.csv
# It writes walk.knees.csv and walk.knees.pdf into the current folder.
path <- commandArgs(trailingOnly = TRUE)[1]
name <- sub("\\.csv$", "", basename(path))
frames <- read.csv(path)  # Wide: one row for each frame and person.
frames <- subset(frames, !is.na(person_id))  # Frames without a person have no person_id.

# Degrees in the image plane: 0 is a straight leg. A joint that is probably wrong gives NA.
knee_flexion <- function(side) {
  at <- function(joint, field) frames[[paste(side, joint, field, sep = "_")]]
  to <- function(joint) complex(
    real = at(joint, "x_px") - at("knee", "x_px"),
    imaginary = at(joint, "y_px") - at("knee", "y_px")
  )
  sure <- pmin(at("hip", "confidence"), at("knee", "confidence"), at("ankle", "confidence")) > 0.5
  ifelse(sure, 180 - abs(Arg(to("hip") / to("ankle"))) * 180 / pi, NA)
}

knees <- data.frame(
  frames[c("frame_id", "timestamp", "person_id")],
  left = round(knee_flexion("left"), 2), right = round(knee_flexion("right"), 2)
)
write.csv(knees, paste0(name, ".knees.csv"), row.names = FALSE)
print(summary(knees[c("left", "right")]))

pdf(paste0(name, ".knees.pdf"))
matplot(knees$timestamp, knees[c("left", "right")], type = "l", lty = 1, col = 1:2, xlab = "time (s)", ylab = "knee flexion (degrees)")
legend("topright", c("left", "right"), lty = 1, col = 1:2)
invisible(dev.off())
