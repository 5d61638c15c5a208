-- The knees' pixels, one row for each frame and person, with DuckDB:
--   bodyscript analyze walk.mp4 -o results && duckdb < knees.sql
-- results/*.csv reads the tables of all videos at once; results/*.parquet those of --export parquet.
PIVOT (
  SELECT frame_id, timestamp, person_id, landmark_name, x_px, y_px
  FROM 'results/walk.csv'
  WHERE landmark_name LIKE '%\_knee' ESCAPE '\' AND confidence > 0.5
)
ON landmark_name
USING first(x_px) AS x_px, first(y_px) AS y_px
ORDER BY frame_id, person_id;
