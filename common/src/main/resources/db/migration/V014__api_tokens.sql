-- Tokens that people make by the management API. Their secrets are not here: the hash proves one, the key
-- opens access tokens, which hold the secret themselves, so that neither makes a credential.
create table api_token (
  name          varchar(255) primary key,
  secret_hash   varchar(64) not null unique,
  sealing_key   varchar(64) not null,
  grants        text not null,
  created_by    varchar(255) not null,
  created_at    timestamp with time zone not null,
  expires_at    timestamp with time zone,
  last_used_at  timestamp with time zone
);

-- One row that each change of a token locks and counts up, by which processes learn that there was one.
create table api_token_revision (
  id      integer primary key,
  number  bigint not null
);
