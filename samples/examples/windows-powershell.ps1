# Analyses the new videos of a folder, for Windows PowerShell 5.1 and PowerShell 7:
#   powershell -ExecutionPolicy Bypass -File windows-powershell.ps1
# Our tests parse this script and check its options on Linux. They do not run it on Windows.
$ErrorActionPreference = 'Stop'
$clips = 'D:\clips'
$results = 'D:\results'

# bodyscript.cmd, since the execution policy of PowerShell often forbids npm's bodyscript.ps1.
bodyscript.cmd doctor
if ($LASTEXITCODE -ne 0) { throw 'The installation is not complete.' }

# The same command again analyses only what is missing.
bodyscript.cmd analyze $clips --out $results --no-overlay --csv-layout wide --jobs 2 --log-level warn
# 3: some videos failed, and the others are done.
if ($LASTEXITCODE -eq 3) { bodyscript.cmd jobs list --out $results --state failed }
elseif ($LASTEXITCODE -ne 0) { throw "bodyscript ended with exit code $LASTEXITCODE." }

# Name the file with --csv. PowerShell 5.1 would write the output of > in UTF-16, and | would damage a video.
bodyscript.cmd analyze "$clips\walk.mp4" --csv "$results\first-frames.csv" --max-frames 100 --overwrite

# Tables are plain CSV with decimal points, whatever the language of Windows.
Import-Csv "$results\walk.csv" |
  Where-Object { $_.left_knee_confidence -and [double]$_.left_knee_confidence -gt 0.5 } |
  Select-Object -Property 'timestamp', 'left_knee_x_px', 'left_knee_y_px' |
  Export-Csv "$results\left-knee.csv" -NoTypeInformation -Encoding UTF8
