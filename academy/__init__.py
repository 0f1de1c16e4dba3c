"""AD Academy: a region organises learning after mbo."""
