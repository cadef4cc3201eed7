-- Public posts with their holders, and the Strategic Management Boards as bodies of their areas.

CREATE TABLE post (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug     text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 120),
  recorded versions NOT NULL
);
COMMENT ON TABLE post IS 'Identities of public posts: a post exists without a holder.';
COMMENT ON COLUMN post.id IS 'Number of the post, never reused.';
COMMENT ON COLUMN post.slug IS 'Stable key of the post.';
CALL keep_history('post');

CREATE TABLE post_description (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact          bigint NOT NULL DEFAULT nextval('fact_number'),
  post_id       bigint NOT NULL REFERENCES post,
  title         text NOT NULL CHECK (length(title) BETWEEN 1 AND 200 AND title !~ '[[:cntrl:]]'),
  body_id       bigint NOT NULL REFERENCES body,
  reports_to_id bigint REFERENCES post CHECK (reports_to_id <> post_id),
  valid         period NOT NULL,
  recorded      versions NOT NULL,
  source        text NOT NULL,
  basis         basis NOT NULL,
  note          text,
  EXCLUDE USING gist (post_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE post_description IS 'Title, body and line of a post over time.';
COMMENT ON COLUMN post_description.post_id IS 'The post.';
COMMENT ON COLUMN post_description.title IS 'Its title.';
COMMENT ON COLUMN post_description.body_id IS 'The body that it belongs to.';
COMMENT ON COLUMN post_description.reports_to_id IS 'The post that it reports to; null where no source says.';
COMMENT ON COLUMN post_description.valid IS 'Days on which the post exists in this form.';
CALL describe_fact('post_description');

CREATE TABLE post_holder (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  post_id  bigint NOT NULL REFERENCES post,
  holder   text NOT NULL CHECK (length(holder) BETWEEN 1 AND 200 AND holder !~ '[[:cntrl:]]'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (post_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE post_holder IS 'Holders of public posts whom a published source names; always shown with that source.';
COMMENT ON COLUMN post_holder.post_id IS 'The post.';
COMMENT ON COLUMN post_holder.holder IS 'Name of the holder as the source gives it.';
COMMENT ON COLUMN post_holder.valid IS 'Days for which a source speaks of the holder; outside them the holder is not recorded, which is not a vacancy.';
CALL describe_fact('post_holder');

CREATE TABLE board (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug      text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
  area_id   bigint NOT NULL,
  area_kind text NOT NULL DEFAULT 'MAPPA_AREA' CHECK (area_kind = 'MAPPA_AREA'),
  recorded  versions NOT NULL,
  FOREIGN KEY (area_id, area_kind) REFERENCES body (id, kind)
);
COMMENT ON TABLE board IS 'Identities of Strategic Management Boards.';
COMMENT ON COLUMN board.id IS 'Number of the board, never reused.';
COMMENT ON COLUMN board.slug IS 'Stable key of the board: the slug of its area.';
COMMENT ON COLUMN board.area_id IS 'The MAPPA area that it serves.';
COMMENT ON COLUMN board.area_kind IS 'Always MAPPA_AREA; lets the key check the kind.';
CALL keep_history('board');

CREATE TABLE board_description (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fact     bigint NOT NULL DEFAULT nextval('fact_number'),
  board_id bigint NOT NULL REFERENCES board,
  name     text NOT NULL CHECK (length(name) BETWEEN 1 AND 200 AND name !~ '[[:cntrl:]]'),
  valid    period NOT NULL,
  recorded versions NOT NULL,
  source   text NOT NULL,
  basis    basis NOT NULL,
  note     text,
  EXCLUDE USING gist (board_id WITH =, valid WITH &&, recorded WITH &&)
);
COMMENT ON TABLE board_description IS 'Name and period of a board over time.';
COMMENT ON COLUMN board_description.board_id IS 'The board.';
COMMENT ON COLUMN board_description.name IS 'Its name.';
COMMENT ON COLUMN board_description.valid IS 'Days on which the board exists under this name.';
CALL describe_fact('board_description');
