DROP TABLE board_description;
DROP TABLE board;
DROP TABLE post_holder;
DROP TABLE post_description;
DROP TABLE post;
