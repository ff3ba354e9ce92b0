// Stands in the bundles for what opens connections and starts programs: the protocol's libraries offer it to others, and nothing of ours asks for it.
export {};
