DROP TABLE seed_fact;
DROP TABLE local_authority;
DROP TABLE data_set;
