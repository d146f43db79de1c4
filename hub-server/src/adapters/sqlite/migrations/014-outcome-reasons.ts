/** Why nobody was asked: the office's list of reasons, and the reason a fact states. See hub-server/DESIGN.md, "Reasons". */
import type { Migration } from './migration.ts';

export const outcomeReasons: Migration = {
  version: 14,
  sql: `
-- The list as shipped. A fact states the key, so a key is never used again for something else.
CREATE TABLE outcome_reason (
  key TEXT PRIMARY KEY,
  outcome TEXT NOT NULL CHECK (outcome IN ('no_show','test','accident')),
  vi TEXT NOT NULL,
  en TEXT NOT NULL,
  place INTEGER NOT NULL           -- the first of an outcome is the one a single key gives
) STRICT, WITHOUT ROWID;
INSERT INTO outcome_reason (key, outcome, vi, en, place) VALUES
  ('goi_ba_lan', 'no_show', 'Gọi ba lần, không có mặt', 'Called three times, not there', 1),
  ('bo_ve', 'no_show', 'Đã lấy số nhưng bỏ về', 'Took a number and left', 2),
  ('nham_quay', 'no_show', 'Nhầm số, nhầm quầy', 'Wrong number or counter', 3),
  ('thu_thiet_bi', 'test', 'Thử thiết bị', 'Trying out the device', 1),
  ('tap_huan', 'test', 'Tập huấn', 'Training', 2),
  ('goi_nham', 'accident', 'Gọi nhầm, chưa phục vụ', 'Called by mistake, not served', 1),
  ('su_co_may', 'accident', 'Mất điện, sự cố máy', 'Power or machine failure', 2),
  ('dan_dung', 'accident', 'Người dân xin dừng giữa chừng', 'The citizen asked to stop', 3);

ALTER TABLE service_transaction ADD COLUMN reason TEXT;            -- of its finish
ALTER TABLE service_transaction ADD COLUMN annotated_reason TEXT;  -- of the outcome said later
CREATE INDEX transaction_marked ON service_transaction (month, officer_id)
  WHERE ifnull(annotated, outcome) IN ('no_show','test','accident');
`,
};
