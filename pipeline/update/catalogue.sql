CREATE TABLE IF NOT EXISTS contents (
  sha256 TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  row INTEGER NOT NULL,
  size INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  registry TEXT NOT NULL,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  fetched TEXT NOT NULL,
  sha256 TEXT REFERENCES contents,
  same TEXT NOT NULL,
  run INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS versions_of ON versions (registry, id, seq);
CREATE TABLE IF NOT EXISTS held (seq INTEGER PRIMARY KEY REFERENCES versions, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS scopes (
  key TEXT PRIMARY KEY,
  since TEXT NOT NULL DEFAULT '',
  stamp TEXT NOT NULL DEFAULT '',
  swept TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS tags (
  url TEXT PRIMARY KEY, tag TEXT NOT NULL, data BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS walks (
  key TEXT PRIMARY KEY, stamp TEXT NOT NULL, next TEXT NOT NULL, total INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS walk (key TEXT, id TEXT, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  begun TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'running',
  requests INTEGER NOT NULL DEFAULT 0,
  fetched INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  built INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  fetching REAL NOT NULL DEFAULT 0,
  building REAL NOT NULL DEFAULT 0,
  seconds REAL NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS published (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  build TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  how TEXT NOT NULL,
  print TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS shown (
  registry TEXT, id TEXT, seq INTEGER NOT NULL, PRIMARY KEY (registry, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keyed (sha256 TEXT PRIMARY KEY, program TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (key TEXT, sha256 TEXT, PRIMARY KEY (key, sha256)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_of ON keys (sha256);
CREATE INDEX IF NOT EXISTS versions_with ON versions (sha256);
CREATE TRIGGER IF NOT EXISTS versions_stay BEFORE UPDATE ON versions
  BEGIN SELECT RAISE(ABORT, 'versions are never changed'); END;
CREATE TRIGGER IF NOT EXISTS versions_remain BEFORE DELETE ON versions
  BEGIN SELECT RAISE(ABORT, 'versions are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS contents_stay BEFORE UPDATE ON contents
  BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END;
CREATE TRIGGER IF NOT EXISTS contents_remain BEFORE DELETE ON contents
  BEGIN SELECT RAISE(ABORT, 'contents are never deleted'); END;
CREATE VIEW IF NOT EXISTS latest AS
  SELECT * FROM versions AS v
  WHERE seq = (SELECT max(seq) FROM versions AS w WHERE w.registry = v.registry AND w.id = v.id);
CREATE VIEW IF NOT EXISTS usable AS
  SELECT v.*, c.pack, c.row FROM versions AS v JOIN contents AS c USING (sha256)
  WHERE v.seq = (
    SELECT max(seq) FROM versions AS w
    WHERE w.registry = v.registry AND w.id = v.id
      AND w.sha256 IS NOT NULL AND w.seq NOT IN (SELECT seq FROM held)
  );
-- The versions before one (`of`) that count as its history: those that its registry dated earlier, of
-- each day the last. CTIS serves records that do not say their day, so that none is known to be earlier.
CREATE VIEW IF NOT EXISTS earlier AS
  SELECT n.seq AS of, v.*, c.pack, c.row
  FROM versions AS n
  JOIN versions AS v ON v.registry = n.registry AND v.id = n.id AND v.seq < n.seq
  JOIN contents AS c ON c.sha256 = v.sha256
  WHERE v.registry != 'ctis' AND v.version != '' AND v.version < n.version
    AND v.seq NOT IN (SELECT seq FROM held)
    AND NOT EXISTS (
      SELECT 1 FROM versions AS w
      WHERE w.registry = v.registry AND w.id = v.id AND w.version = v.version
        AND w.seq > v.seq AND w.seq < n.seq
        AND w.sha256 IS NOT NULL AND w.seq NOT IN (SELECT seq FROM held)
    );
CREATE VIEW IF NOT EXISTS told AS
  SELECT seq, seq AS of, registry, id, version, sha256, pack, row, '' AS day FROM usable
  UNION ALL
  SELECT e.seq, of, e.registry, e.id, e.version, e.sha256, e.pack, e.row, e.version
  FROM usable AS u JOIN earlier AS e ON e.of = u.seq;
