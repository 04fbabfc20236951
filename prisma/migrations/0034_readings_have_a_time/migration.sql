-- When on its day a meter was read, where that was sent: of one day's readings those with a time are in order.
ALTER TABLE "meter_entries" ADD COLUMN "taken_at" TIMESTAMPTZ(3);
