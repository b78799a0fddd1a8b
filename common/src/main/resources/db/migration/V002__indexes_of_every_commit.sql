-- What every commit asks for must not grow with what earlier ones left behind.
create index intent_state on intent (state);
