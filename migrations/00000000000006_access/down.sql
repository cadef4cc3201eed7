DROP TABLE access_log;
DROP FUNCTION stamp_access;
DROP TABLE role_grant;
DROP TABLE api_key;
