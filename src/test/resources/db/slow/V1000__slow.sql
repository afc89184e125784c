-- Longer than the time-outs that the test gives to connections.
select pg_sleep(2.5);
