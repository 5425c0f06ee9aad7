BEGIN TRANSACTION;
CREATE TABLE adjudications (
	adjudication_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	study_id VARCHAR NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	presence VARCHAR NOT NULL, 
	adjudicator VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_adjudications PRIMARY KEY (adjudication_id), 
	CONSTRAINT fk_adjudications_study_id FOREIGN KEY(study_id, recording_sha256) REFERENCES study_recordings (study_id, recording_sha256), 
	CONSTRAINT fk_adjudications_adjudicator FOREIGN KEY(adjudicator) REFERENCES readers (name), 
	CONSTRAINT uq_adjudications_position UNIQUE (position)
);
INSERT INTO "adjudications" VALUES('88888888888888888888888888888888',1,'55555555555555555555555555555555','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','RVH','present','Dr Chief','2026-11-20T08:00:27.000000+00:00','clear');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE assignments (
	study_id VARCHAR NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_assignments PRIMARY KEY (study_id, recording_sha256, reader), 
	CONSTRAINT fk_assignments_study_id FOREIGN KEY(study_id, recording_sha256) REFERENCES study_recordings (study_id, recording_sha256), 
	CONSTRAINT fk_assignments_reader FOREIGN KEY(reader) REFERENCES readers (name)
);
INSERT INTO "assignments" VALUES('55555555555555555555555555555555','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','Dr A',1);
INSERT INTO "assignments" VALUES('55555555555555555555555555555555','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','Dr B',1);
CREATE TABLE audit (
	sequence INTEGER NOT NULL, 
	at_utc VARCHAR(32) NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	payload VARCHAR NOT NULL, 
	previous_sha256 VARCHAR(64) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (sequence)
);
INSERT INTO "audit" VALUES(1,'2026-11-20T08:00:01.000000+00:00','application','library.created','c98faf3f14fb4a55a1c0d573f86b5f7f','{"application":"0.1.0","schema":"0006"}','0000000000000000000000000000000000000000000000000000000000000000','8057c8090188753e7363122363a5c63ec8437921cf056245fe23f31e4bf999df');
INSERT INTO "audit" VALUES(2,'2026-11-20T08:00:02.000000+00:00','application','recording.added','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"identity_sha256":"eac01e842f9ac6827408fa23e49b35d6fc8e3767f8c0a43ac2218a2ccdd88ad6"}','8057c8090188753e7363122363a5c63ec8437921cf056245fe23f31e4bf999df','9dcfa769d2609863e5face99f784130ffcd5be00ff454fda1ac3a75c6466f7d4');
INSERT INTO "audit" VALUES(3,'2026-11-20T08:00:03.000000+00:00','application','recording.added','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','{"identity_sha256":"6850ad6f83fa9abb2cc4ea519e86949dbb16ea5329e85b4caf2f4b689ac9df7e"}','9dcfa769d2609863e5face99f784130ffcd5be00ff454fda1ac3a75c6466f7d4','3ffe0761da7dab51f8611a5e158a2700031ab041713f0f90a7497509aee570ed');
INSERT INTO "audit" VALUES(4,'2026-11-20T08:00:04.000000+00:00','application','prediction.stored','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"bundle_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","summary_sha256":"48ff6b66733e85e31666db9dad8383edb21372ed4a43107ccf2af2d0c02ee731"}','3ffe0761da7dab51f8611a5e158a2700031ab041713f0f90a7497509aee570ed','08a75f11cc45401f05e29b3173090a71b836aeff382bcbea1329443885f73022');
INSERT INTO "audit" VALUES(5,'2026-11-20T08:00:05.000000+00:00','application','prediction.stored','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','{"bundle_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","summary_sha256":"17316bc77e6e8500966c815b6735ac64efc69c64a39ae7e31e2193482cb9a679"}','08a75f11cc45401f05e29b3173090a71b836aeff382bcbea1329443885f73022','ebc51bc535f857f2d3bdf2b775fc6d3a195b065bc25c2330f9fcca9097a09564');
INSERT INTO "audit" VALUES(6,'2026-11-20T08:00:06.000000+00:00','Dr A','reader.added','Dr A','{}','ebc51bc535f857f2d3bdf2b775fc6d3a195b065bc25c2330f9fcca9097a09564','2e4ce1989ad738f08fbe4063446ec97a0a7873dc6a66051ff45753c5132e7ff4');
INSERT INTO "audit" VALUES(7,'2026-11-20T08:00:06.000000+00:00','Dr A','reading.saved','11111111111111111111111111111111','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"draft"],"statements":{"RVH":[null,"present"]}},"reading_sha256":"c93211fb61a4019697d6c699b70ef0b590412812786f8eab3e09faaa885a5a76","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":4}','2e4ce1989ad738f08fbe4063446ec97a0a7873dc6a66051ff45753c5132e7ff4','9df6938d6fbf12f08b1ddea619dc0fba9cf5bcf9df18b061a40b2504c5027152');
INSERT INTO "audit" VALUES(8,'2026-11-20T08:00:08.000000+00:00','Dr A','reading.signed','11111111111111111111111111111111','{"changed":{"state":["draft","final"]},"meaning":"read","reading_sha256":"80d41e0060f8ee402b660770271c3722d7fa5e71a4ef509f39c122d574481fd3","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":5}','9df6938d6fbf12f08b1ddea619dc0fba9cf5bcf9df18b061a40b2504c5027152','0244977e4338d964869c3193695fda8a6782feaa29b693e50ebc0c077a926197');
INSERT INTO "audit" VALUES(9,'2026-11-20T08:00:10.000000+00:00','Dr A','reading.amended','22222222222222222222222222222222','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"final"],"statements":{"RVH":[null,"absent"]}},"meaning":"amended","reading_sha256":"45b77e93b13cc1afc8284971f1f5afe8d8c30ae302e07f9969bc2b2bccce810a","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":3}','0244977e4338d964869c3193695fda8a6782feaa29b693e50ebc0c077a926197','e1927fa6433b6cee13fd5c5b6adf5fd442224658c599035a854a7ab52dacc4f8');
INSERT INTO "audit" VALUES(10,'2026-11-20T08:00:11.000000+00:00','Dr B','reader.added','Dr B','{}','e1927fa6433b6cee13fd5c5b6adf5fd442224658c599035a854a7ab52dacc4f8','768b72e0c4b64697981b9de8ffde0e2169bb6799a9df7099e9e7421871f9678e');
INSERT INTO "audit" VALUES(11,'2026-11-20T08:00:11.000000+00:00','Dr B','reading.saved','33333333333333333333333333333333','{"changed":{"notes":true,"state":[null,"draft"],"statements":{"NORM":[null,"uncertain"]}},"reading_sha256":"65bd3d74586626408e7f51c56a0d6d4318de780d92869bfc9b66001a0ef5772e","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":3}','768b72e0c4b64697981b9de8ffde0e2169bb6799a9df7099e9e7421871f9678e','083d046703b43948848f1728b120e0652c37c0d392fa6798b74ec6fd00ebde2f');
INSERT INTO "audit" VALUES(12,'2026-11-20T08:00:12.000000+00:00','Dr A','person.corrected','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"changed":["age","sex","gestational_age_weeks"],"person_sha256":"c40a6f876d91c0c11da1c16bc61b53728915fe345d952e2fa4a2d3147b95943e"}','083d046703b43948848f1728b120e0652c37c0d392fa6798b74ec6fd00ebde2f','a20b0e188e71870bdeb99252b8f8aa83b12eb376f6b5f589cb9d72c1a14a683c');
INSERT INTO "audit" VALUES(13,'2026-11-20T08:00:14.000000+00:00','Dr B','measurement.edited','44444444444444444444444444444444','{"automatic":false,"edit_sha256":"254eb309505f289478b8c50e404b82883330c4d07e855f32af43c2d8cb89f980","reading_id":"33333333333333333333333333333333","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87"}','a20b0e188e71870bdeb99252b8f8aa83b12eb376f6b5f589cb9d72c1a14a683c','2d4663ceb5fac0350f7295ec52b0368fcc384bcf7df8747aa94487eedc8784e9');
INSERT INTO "audit" VALUES(14,'2026-11-20T08:00:16.000000+00:00','Dr Chief','reader.added','Dr Chief','{}','2d4663ceb5fac0350f7295ec52b0368fcc384bcf7df8747aa94487eedc8784e9','5ae99fac1d0b8b543865635fe9306d9ba5e44f0623cb8bed6ffc659ec61f195d');
INSERT INTO "audit" VALUES(15,'2026-11-20T08:00:16.000000+00:00','Dr Chief','study.created','55555555555555555555555555555555','{"design_sha256":"fd95fb7f2c739ecdd20cd133b5e774345de6ebdc4294284bb56501658022c549"}','5ae99fac1d0b8b543865635fe9306d9ba5e44f0623cb8bed6ffc659ec61f195d','7ae88a8fdf14733245e46b7cbcf1153d952d8f94e8ae6ec3b72a690da067350d');
INSERT INTO "audit" VALUES(16,'2026-11-20T08:00:17.000000+00:00','Dr A','reading.saved','66666666666666666666666666666666','{"changed":{"state":[null,"draft"],"statements":{"LVH":[null,"absent"],"RVH":[null,"present"]}},"reading_sha256":"cc48f09703a5b817a9e1bc014d0e5eb4a3911cb295ddac7e73f1fb3ada064060","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":3}','7ae88a8fdf14733245e46b7cbcf1153d952d8f94e8ae6ec3b72a690da067350d','8f295157c623ab37bf5d889c097077d0c97b930e5615f956f76c77eee701364e');
INSERT INTO "audit" VALUES(17,'2026-11-20T08:00:19.000000+00:00','Dr A','reading.locked','66666666666666666666666666666666','{"changed":{"state":["draft","locked"]},"reading_sha256":"bdfd88a45627a84c173ad3b2a7c8854caed22530d3ce61edd7daf86c712e2c79","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":4}','8f295157c623ab37bf5d889c097077d0c97b930e5615f956f76c77eee701364e','1681def60ad636ade539dcc2f5340230d6a78e20916ee0d81f4ae34d1a40fa80');
INSERT INTO "audit" VALUES(18,'2026-11-20T08:00:19.000000+00:00','Dr A','reading.circumstances','66666666666666666666666666666666','{"circumstances_sha256":"90deddf15686e2384bff5e44e63bf9ea391b858c851785469341f12949b121ee","stage":"locked"}','1681def60ad636ade539dcc2f5340230d6a78e20916ee0d81f4ae34d1a40fa80','de3de0fee22da3e8d6d2b3b51cdbad51cfd86b0ceaf4086f08edfca2132272e7');
INSERT INTO "audit" VALUES(19,'2026-11-20T08:00:20.000000+00:00','Dr A','reading.revealed','66666666666666666666666666666666','{"changed":{"state":["locked","revealed"]},"reading_sha256":"7264560e64363a7369615bf23eb0d07f97cbf31e94bcab040bcfd8ee079138ec","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":5}','de3de0fee22da3e8d6d2b3b51cdbad51cfd86b0ceaf4086f08edfca2132272e7','949be60e0fda68b058d7c51e91886a7c2779884c72f7772ba9c794183b0e3e7d');
INSERT INTO "audit" VALUES(20,'2026-11-20T08:00:21.000000+00:00','Dr A','reading.saved','66666666666666666666666666666666','{"changed":{"comment":true,"map_ratings":{"RVH/gradcam":[null,"plausible"]}},"reading_sha256":"357d55aa78042e29064fd1e524e280de19bed1fe3ae0ae8a59d4fd5cd42e5279","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":7}','949be60e0fda68b058d7c51e91886a7c2779884c72f7772ba9c794183b0e3e7d','8b827ecd5de12f380dbf3c075d811421d214f39bb8585ce98388490b14b365db');
INSERT INTO "audit" VALUES(21,'2026-11-20T08:00:23.000000+00:00','Dr A','reading.signed','66666666666666666666666666666666','{"changed":{"state":["revealed","final"]},"meaning":"read","reading_sha256":"f63bd2eb20bc11a812d8fc7369703184a5727f275a5879f06289d9ed123621e3","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":8}','8b827ecd5de12f380dbf3c075d811421d214f39bb8585ce98388490b14b365db','daf7aff896f53cb93b9b14ca9e421437e85aa2c7f0aee2c19c61dbb80aca15fa');
INSERT INTO "audit" VALUES(22,'2026-11-20T08:00:23.000000+00:00','Dr A','reading.circumstances','66666666666666666666666666666666','{"circumstances_sha256":"15d6297579d1d9b7027f727bc809731d578b7c3d9d114bbcc3bfeedb5f11acd3","stage":"signed"}','daf7aff896f53cb93b9b14ca9e421437e85aa2c7f0aee2c19c61dbb80aca15fa','835925177e6f5e9ec1b95c990b2f1f9542df81dd34a8e8b71d766f413b019a8a');
INSERT INTO "audit" VALUES(23,'2026-11-20T08:00:24.000000+00:00','Dr B','reading.saved','77777777777777777777777777777777','{"changed":{"state":[null,"draft"],"statements":{"LVH":[null,"absent"],"RVH":[null,"absent"]}},"reading_sha256":"19f0716f43cc474b731e554bfba719db3e8521bc3c033131acedbf420f6d2796","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":3}','835925177e6f5e9ec1b95c990b2f1f9542df81dd34a8e8b71d766f413b019a8a','d9bd79d07494d2d8d35f167c168178903d78f6e9edc6af3c8e1ca06718d4267e');
INSERT INTO "audit" VALUES(24,'2026-11-20T08:00:26.000000+00:00','Dr B','reading.locked','77777777777777777777777777777777','{"changed":{"state":["draft","locked"]},"reading_sha256":"ec655d05fda3787e06f7147966b519fdde2307dbb8ac931744bd94181a4c905e","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","revision":4}','d9bd79d07494d2d8d35f167c168178903d78f6e9edc6af3c8e1ca06718d4267e','6c7df97c301098e03cc7f0d46be3f02b991f81f987682eec1b25411b3a404626');
INSERT INTO "audit" VALUES(25,'2026-11-20T08:00:26.000000+00:00','Dr B','reading.circumstances','77777777777777777777777777777777','{"circumstances_sha256":"8a670a98c93e66b6d986258a24f7a87e208e394b44360ac50880a772018a0957","stage":"locked"}','6c7df97c301098e03cc7f0d46be3f02b991f81f987682eec1b25411b3a404626','d45c57c3174f4f220661035fcbf0246e4009c5de8af7d3057df5734544d0925a');
INSERT INTO "audit" VALUES(26,'2026-11-20T08:00:28.000000+00:00','Dr Chief','adjudication.made','88888888888888888888888888888888','{"adjudication_sha256":"a2e8fecacccf40e02550907316b4521cf7688e140c776e5c308d3853f5228472","label":"RVH","presence":"present","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756","study_id":"55555555555555555555555555555555"}','d45c57c3174f4f220661035fcbf0246e4009c5de8af7d3057df5734544d0925a','f2605147f742f33b96f4eafa1c49ea2d2bde7f65b6c7f757ef19d9c8c826d51f');
INSERT INTO "audit" VALUES(27,'2026-11-20T08:00:29.000000+00:00','Dr A','recording.flagged','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{}','f2605147f742f33b96f4eafa1c49ea2d2bde7f65b6c7f757ef19d9c8c826d51f','67df2e19e0c16ac2b6fdefa1976ae6b883483fbfdf942cb8d0fa6fa381a83350');
INSERT INTO "audit" VALUES(28,'2026-11-20T08:00:30.000000+00:00','Dr A','recording.flagged','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','{}','67df2e19e0c16ac2b6fdefa1976ae6b883483fbfdf942cb8d0fa6fa381a83350','c1010bdbbc28ffcc01c7a93d7adf7aad3ffb73ef07db82536cd59576d89d1e97');
INSERT INTO "audit" VALUES(29,'2026-11-20T08:00:31.000000+00:00','Dr A','recording.unflagged','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','{}','c1010bdbbc28ffcc01c7a93d7adf7aad3ffb73ef07db82536cd59576d89d1e97','d93884a626ac778abbde8217b8ce12ffc2e3dab38a35a8d1d3d5b4aa6a948d17');
INSERT INTO "audit" VALUES(30,'2026-11-20T08:00:32.000000+00:00','Dr A','filter.kept','Dr A','{"filter_sha256":"a640bebe8cacc94ee36dd84b09e48cfd78f42882609b68a72bd93739174406cc"}','d93884a626ac778abbde8217b8ce12ffc2e3dab38a35a8d1d3d5b4aa6a948d17','42a44107b7adc70816dfc506ed5820f58977fb259ef0ed7f70e7f70ac1a3557f');
INSERT INTO "audit" VALUES(31,'2026-11-20T08:00:33.000000+00:00','Dr B','filter.kept','Dr B','{"filter_sha256":"f947792dfa58520f2c466a8a91e7635ffbe528440ee01e731055d3f9229d8119"}','42a44107b7adc70816dfc506ed5820f58977fb259ef0ed7f70e7f70ac1a3557f','0048962294a35fc2aede910ac39175090931f2e3d2cd898f87cb18e8ba1cd251');
INSERT INTO "audit" VALUES(32,'2026-11-20T08:00:34.000000+00:00','Dr B','filter.forgotten','Dr B','{}','0048962294a35fc2aede910ac39175090931f2e3d2cd898f87cb18e8ba1cd251','d0d066dc4b36489a7817de279f1e5d8420ec88e548fea6161d65ead297cd19ca');
CREATE TABLE circumstances (
	reading_id VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	document VARCHAR NOT NULL, 
	CONSTRAINT pk_circumstances PRIMARY KEY (reading_id, stage), 
	CONSTRAINT fk_circumstances_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "circumstances" VALUES('66666666666666666666666666666666','locked','{"display":{"filter":"off","gain_mm_per_mv":10.0,"half_standard":false,"layout":"3x4+rhythm","speed_mm_per_s":25.0},"order_seed":7,"position":1,"reading_id":"66666666666666666666666666666666","seconds":41.5,"shown":{"age":true,"earlier_recordings":false,"indication":false,"maps":[],"model_output":false,"other_readings":false,"rule_results":false,"sex":true,"source_statements":false},"stage":"locked","versions":{"application":"0.1.0","bundle_sha256":"","norms":"1.0.1","pipeline":"","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756"}}');
INSERT INTO "circumstances" VALUES('66666666666666666666666666666666','signed','{"display":{"filter":"off","gain_mm_per_mv":10.0,"half_standard":false,"layout":"3x4+rhythm","speed_mm_per_s":25.0},"order_seed":7,"position":1,"reading_id":"66666666666666666666666666666666","seconds":41.5,"shown":{"age":true,"earlier_recordings":false,"indication":false,"maps":["RVH/gradcam"],"model_output":true,"other_readings":false,"rule_results":true,"sex":true,"source_statements":false},"stage":"signed","versions":{"application":"0.1.0","bundle_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","norms":"1.0.1","pipeline":"1","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756"}}');
INSERT INTO "circumstances" VALUES('77777777777777777777777777777777','locked','{"display":{"filter":"off","gain_mm_per_mv":10.0,"half_standard":false,"layout":"3x4+rhythm","speed_mm_per_s":25.0},"order_seed":7,"position":1,"reading_id":"77777777777777777777777777777777","seconds":41.5,"shown":{"age":true,"earlier_recordings":false,"indication":false,"maps":[],"model_output":false,"other_readings":false,"rule_results":false,"sex":true,"source_statements":false},"stage":"locked","versions":{"application":"0.1.0","bundle_sha256":"","norms":"1.0.1","pipeline":"","recording_sha256":"3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756"}}');
CREATE TABLE flags (
	reader VARCHAR NOT NULL, 
	recording_sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_flags PRIMARY KEY (reader, recording_sha256), 
	CONSTRAINT fk_flags_reader FOREIGN KEY(reader) REFERENCES readers (name), 
	CONSTRAINT fk_flags_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "flags" VALUES('Dr A','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87');
CREATE TABLE kept_filters (
	reader VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	document VARCHAR NOT NULL, 
	CONSTRAINT pk_kept_filters PRIMARY KEY (reader, name), 
	CONSTRAINT fk_kept_filters_reader FOREIGN KEY(reader) REFERENCES readers (name)
);
INSERT INTO "kept_filters" VALUES('Dr A','boys with findings','{"bands":[],"finding":"some","flagged":null,"sexes":["M"],"simulated":null,"sources":[],"states":[],"study_id":"","text":""}');
CREATE TABLE locked_statements (
	reading_id VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	presence VARCHAR NOT NULL, 
	CONSTRAINT pk_locked_statements PRIMARY KEY (reading_id, label), 
	CONSTRAINT fk_locked_statements_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "locked_statements" VALUES('66666666666666666666666666666666','RVH',0,'present');
INSERT INTO "locked_statements" VALUES('66666666666666666666666666666666','LVH',1,'absent');
INSERT INTO "locked_statements" VALUES('77777777777777777777777777777777','RVH',0,'absent');
INSERT INTO "locked_statements" VALUES('77777777777777777777777777777777','LVH',1,'absent');
CREATE TABLE map_ratings (
	reading_id VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	method VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	rating VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR NOT NULL, 
	CONSTRAINT pk_map_ratings PRIMARY KEY (reading_id, label, method), 
	CONSTRAINT fk_map_ratings_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "map_ratings" VALUES('66666666666666666666666666666666','RVH','gradcam',0,'plausible','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
CREATE TABLE measurement_edits (
	edit_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	reading_id VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	automatic_p_on_ms FLOAT, 
	automatic_p_off_ms FLOAT, 
	automatic_qrs_on_ms FLOAT NOT NULL, 
	automatic_qrs_off_ms FLOAT NOT NULL, 
	automatic_t_on_ms FLOAT, 
	automatic_t_off_ms FLOAT, 
	p_on_ms FLOAT, 
	p_off_ms FLOAT, 
	qrs_on_ms FLOAT, 
	qrs_off_ms FLOAT, 
	t_on_ms FLOAT, 
	t_off_ms FLOAT, 
	CONSTRAINT pk_measurement_edits PRIMARY KEY (edit_id), 
	CONSTRAINT ck_measurement_edits_qrs CHECK ((qrs_on_ms IS NULL) = (qrs_off_ms IS NULL)), 
	CONSTRAINT fk_measurement_edits_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_measurement_edits_reader FOREIGN KEY(reader) REFERENCES readers (name), 
	CONSTRAINT uq_measurement_edits_position UNIQUE (position)
);
INSERT INTO "measurement_edits" VALUES('44444444444444444444444444444444',1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','33333333333333333333333333333333','Dr B','2026-11-20T08:00:13.000000+00:00',-150.0,-90.0,-30.0,40.0,120.0,250.0,-150.0,-90.0,-34.0,44.0,120.0,250.0);
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('patient_secret','3a3c3a724b5cb498962c165accaa537acf8e305206b45a85078f4cae90f5045b');
INSERT INTO "meta" VALUES('library_id','c98faf3f14fb4a55a1c0d573f86b5f7f');
INSERT INTO "meta" VALUES('created_at','2026-11-20T08:00:01+00:00');
INSERT INTO "meta" VALUES('pseudonym_salt','a279151ac1f1404c971b3fb454e78e87');
INSERT INTO "meta" VALUES('application_version','0.1.0');
CREATE TABLE person_corrections (
	correction_id INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	age_days INTEGER, 
	age_precision VARCHAR, 
	age_origin VARCHAR, 
	sex VARCHAR, 
	gestational_age_weeks INTEGER, 
	reader VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_person_corrections PRIMARY KEY (correction_id), 
	CONSTRAINT fk_person_corrections_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_person_corrections_reader FOREIGN KEY(reader) REFERENCES readers (name)
);
INSERT INTO "person_corrections" VALUES(1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',420,'day','entered','M',31,'Dr A','asked the parents','2026-11-20T08:00:12.000000+00:00');
CREATE TABLE person_names (
	patient_key VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, birth_date DATE, 
	CONSTRAINT pk_person_names PRIMARY KEY (patient_key)
);
CREATE TABLE predictions (
	recording_sha256 VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	probability FLOAT NOT NULL, 
	threshold FLOAT NOT NULL, 
	positive BOOLEAN NOT NULL, 
	CONSTRAINT pk_predictions PRIMARY KEY (recording_sha256, bundle_sha256, label), 
	CONSTRAINT fk_predictions_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "predictions" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','RVH',0,0.7,0.5,1);
INSERT INTO "predictions" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','LVH',1,0.2,0.5,0);
INSERT INTO "predictions" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','RVH',0,0.3,0.5,0);
INSERT INTO "predictions" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','LVH',1,0.2,0.5,0);
CREATE TABLE readers (
	name VARCHAR NOT NULL, 
	added_at VARCHAR(32) NOT NULL, role VARCHAR DEFAULT 'reader' NOT NULL, active BOOLEAN DEFAULT 1 NOT NULL, passphrase VARCHAR, failures INTEGER DEFAULT '0' NOT NULL, failed_at VARCHAR(32), 
	CONSTRAINT pk_readers PRIMARY KEY (name)
);
INSERT INTO "readers" VALUES('Dr A','2026-11-20T08:00:06.000000+00:00','reader',1,NULL,0,NULL);
INSERT INTO "readers" VALUES('Dr B','2026-11-20T08:00:11.000000+00:00','reader',1,NULL,0,NULL);
INSERT INTO "readers" VALUES('Dr Chief','2026-11-20T08:00:16.000000+00:00','reader',1,NULL,0,NULL);
CREATE TABLE readings (
	reading_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	comment VARCHAR NOT NULL, 
	confidence INTEGER, 
	meaning VARCHAR, 
	signed_at VARCHAR(32), 
	amends VARCHAR, 
	amendment_reason VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR, 
	revision INTEGER NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	saved_at VARCHAR(32) NOT NULL, study_id VARCHAR DEFAULT '' NOT NULL, locked_at VARCHAR(32), locked_comment VARCHAR, locked_confidence INTEGER, 
	CONSTRAINT pk_readings PRIMARY KEY (reading_id), 
	CONSTRAINT ck_readings_confidence CHECK (confidence BETWEEN 1 AND 5), 
	CONSTRAINT ck_readings_signed CHECK ((state IN ('final', 'amended')) = (signed_at IS NOT NULL AND meaning IS NOT NULL)), 
	CONSTRAINT fk_readings_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_readings_reader FOREIGN KEY(reader) REFERENCES readers (name), 
	CONSTRAINT fk_readings_amends FOREIGN KEY(amends) REFERENCES readings (reading_id), 
	CONSTRAINT uq_readings_position UNIQUE (position), 
	CONSTRAINT uq_readings_amends UNIQUE (amends)
);
INSERT INTO "readings" VALUES('11111111111111111111111111111111',1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr A','open','final','tall R in V1',4,'read','2026-11-20T08:00:07.000000+00:00',NULL,'','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',5,'2026-11-20T08:00:06.000000+00:00','2026-11-20T08:00:08.000000+00:00','',NULL,NULL,NULL);
INSERT INTO "readings" VALUES('22222222222222222222222222222222',2,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr A','open','final','tall R in V1',4,'amended','2026-11-20T08:00:09.000000+00:00','11111111111111111111111111111111','axis','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',3,'2026-11-20T08:00:10.000000+00:00','2026-11-20T08:00:10.000000+00:00','',NULL,NULL,NULL);
INSERT INTO "readings" VALUES('33333333333333333333333333333333',3,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr B','open','draft','',NULL,NULL,NULL,NULL,'',NULL,3,'2026-11-20T08:00:11.000000+00:00','2026-11-20T08:00:11.000000+00:00','',NULL,NULL,NULL);
INSERT INTO "readings" VALUES('66666666666666666666666666666666',4,'3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','Dr A','blind','final','seen twice',NULL,'read','2026-11-20T08:00:22.000000+00:00',NULL,'','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',8,'2026-11-20T08:00:17.000000+00:00','2026-11-20T08:00:23.000000+00:00','55555555555555555555555555555555','2026-11-20T08:00:18.000000+00:00','',NULL);
INSERT INTO "readings" VALUES('77777777777777777777777777777777',5,'3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','Dr B','blind','locked','',NULL,NULL,NULL,NULL,'',NULL,4,'2026-11-20T08:00:24.000000+00:00','2026-11-20T08:00:26.000000+00:00','55555555555555555555555555555555','2026-11-20T08:00:25.000000+00:00','',NULL);
CREATE TABLE recording_files (
	recording_sha256 VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	CONSTRAINT pk_recording_files PRIMARY KEY (recording_sha256, position), 
	CONSTRAINT fk_recording_files_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',0,'recording.json','3fffd3545aeef18c1eccd8025c251561816a14f5463080260feb494556c6c613',1239);
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',1,'signal.npy','31bf6c6e80b8ec022b9a738e564d548d1e80156e7b0cc32b95a21282001f1274',12128);
INSERT INTO "recording_files" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756',0,'recording.json','d363f147c8ecf564d4e462f3fdab6c36dfe01e835d717684cd0ef4742be744f0',1341);
INSERT INTO "recording_files" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756',1,'signal.npy','6f7c9cade182dfd4b34099d18ae2cb7d6806749dbe57d63116138355b0c0ccd5',12128);
CREATE TABLE recordings (
	sha256 VARCHAR(64) NOT NULL, 
	title VARCHAR NOT NULL, 
	origin_name VARCHAR NOT NULL, 
	source_format VARCHAR NOT NULL, 
	main_file VARCHAR NOT NULL, 
	leads VARCHAR NOT NULL, 
	n_leads INTEGER NOT NULL, 
	fs_hz FLOAT NOT NULL, 
	duration_s FLOAT NOT NULL, 
	recorded_at VARCHAR(32), 
	patient_key VARCHAR NOT NULL, 
	file_age_days INTEGER, 
	file_age_precision VARCHAR, 
	file_age_origin VARCHAR, 
	file_sex VARCHAR, 
	file_statements VARCHAR NOT NULL, 
	age_days INTEGER, 
	age_precision VARCHAR, 
	age_origin VARCHAR, 
	sex VARCHAR, 
	gestational_age_weeks INTEGER, 
	person_corrected BOOLEAN NOT NULL, 
	simulated BOOLEAN NOT NULL, 
	finding_codes VARCHAR NOT NULL, 
	read_fs_hz FLOAT, 
	read_unit VARCHAR, 
	imported_at VARCHAR(32) NOT NULL, identified BOOLEAN DEFAULT 1 NOT NULL, date_shifted BOOLEAN DEFAULT 0 NOT NULL, search VARCHAR DEFAULT '' NOT NULL, n_findings INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_recordings PRIMARY KEY (sha256)
);
INSERT INTO "recordings" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','child','','wfdb','recording.json','I II V1 V2 V3 V4 V5 V6 III aVR aVL aVF',12,250.0,1.0,NULL,'',400,'day','file header','F','[]',420,'day','entered','M',31,1,0,'saturated',NULL,NULL,'2026-11-20T08:00:02.000000+00:00',0,0,'child

wfdb',1);
INSERT INTO "recordings" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','sister','','wfdb','recording.json','I II V1 V2 V3 V4 V5 V6 III aVR aVL aVF',12,250.0,1.0,NULL,'',400,'day','file header','F','[]',400,'day','file header','F',NULL,0,0,'',NULL,NULL,'2026-11-20T08:00:03.000000+00:00',0,0,'sister

wfdb',0);
CREATE TABLE statements (
	reading_id VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	presence VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR, 
	model_positive BOOLEAN, 
	CONSTRAINT pk_statements PRIMARY KEY (reading_id, label), 
	CONSTRAINT fk_statements_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "statements" VALUES('11111111111111111111111111111111','RVH',0,'present','agree','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1);
INSERT INTO "statements" VALUES('22222222222222222222222222222222','RVH',0,'absent','disagree','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1);
INSERT INTO "statements" VALUES('33333333333333333333333333333333','NORM',0,'uncertain','direct',NULL,NULL);
INSERT INTO "statements" VALUES('66666666666666666666666666666666','RVH',0,'present','direct',NULL,NULL);
INSERT INTO "statements" VALUES('66666666666666666666666666666666','LVH',1,'absent','direct',NULL,NULL);
INSERT INTO "statements" VALUES('77777777777777777777777777777777','RVH',0,'absent','direct',NULL,NULL);
INSERT INTO "statements" VALUES('77777777777777777777777777777777','LVH',1,'absent','direct',NULL,NULL);
CREATE TABLE studies (
	study_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	protocol VARCHAR NOT NULL, 
	closed_at VARCHAR(32), 
	CONSTRAINT pk_studies PRIMARY KEY (study_id), 
	CONSTRAINT uq_studies_position UNIQUE (position)
);
INSERT INTO "studies" VALUES('55555555555555555555555555555555',1,'Right ventricles','{"adjudication_rule":"any","bundle_sha256":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","created_at":"2026-11-20T08:00:15.000000+00:00","created_by":"Dr Chief","indication_shown":false,"labels":["RVH","LVH"],"mode":"blind","name":"Right ventricles","order_seed":7,"readers":["Dr A","Dr B"],"readers_per_recording":2,"study_id":"55555555555555555555555555555555"}',NULL);
CREATE TABLE study_recordings (
	study_id VARCHAR NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	indication VARCHAR NOT NULL, 
	CONSTRAINT pk_study_recordings PRIMARY KEY (study_id, recording_sha256), 
	CONSTRAINT fk_study_recordings_study_id FOREIGN KEY(study_id) REFERENCES studies (study_id), 
	CONSTRAINT fk_study_recordings_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "study_recordings" VALUES('55555555555555555555555555555555','3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756',0,'murmur');
CREATE TABLE thumbnails (
	recording_sha256 VARCHAR(64) NOT NULL, 
	lead VARCHAR NOT NULL, 
	points BLOB NOT NULL, 
	CONSTRAINT pk_thumbnails PRIMARY KEY (recording_sha256), 
	CONSTRAINT fk_thumbnails_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "thumbnails" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','II',X'000C0C16161911180311F203E9F2E7E9E8EFEFFCFC0D0D17171910190210F302E9F3E7E9E7F0F0FDFD0C0C17171911180311F503E9F5E7E9E8EFEFFFFF0D0D17171912190212F302E9F3E7E9E8F0F0FD808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080');
INSERT INTO "thumbnails" VALUES('3dceaa2b36adede8972054f05511562e45b90f45eac2c2631522da9bd55b9756','II',X'FF0C0C17171A10190310F403E9F4E7E9E7F0EFFDFD101018171B11190311F503E9F5E6E9E9F2F2FDFD0D0D1A171B13190413F504EAF5E6EAE8EFEFFFFF0D0D17171B111B0312F403E9F4E7EAE8F1F1FD808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080');
CREATE TABLE time_notes (
	reading_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	lead VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_time_notes PRIMARY KEY (reading_id, position), 
	CONSTRAINT fk_time_notes_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "time_notes" VALUES('33333333333333333333333333333333',0,0.1,0.4,'V1','notch');
CREATE INDEX ix_recordings_patient_key ON recordings (patient_key);
CREATE INDEX ix_recordings_imported_at ON recordings (imported_at);
CREATE INDEX ix_person_corrections_recording_sha256 ON person_corrections (recording_sha256);
CREATE INDEX ix_readings_recording_sha256 ON readings (recording_sha256);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE TRIGGER guard_audit_append 
        BEFORE INSERT ON audit WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END;
CREATE TRIGGER guard_audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END;
CREATE TRIGGER guard_audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END;
CREATE TRIGGER guard_corrections_update 
        BEFORE UPDATE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END;
CREATE TRIGGER guard_corrections_delete 
        BEFORE DELETE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END;
CREATE TRIGGER guard_readings_replace 
        BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM readings WHERE reading_id = NEW.reading_id)
        BEGIN SELECT RAISE(ABORT, 'a reading is never replaced'); END;
CREATE TRIGGER guard_readings_update 
        BEFORE UPDATE ON readings WHEN OLD.state IN ('final', 'amended')
        BEGIN SELECT RAISE(ABORT, 'a final reading never changes'); END;
CREATE TRIGGER guard_readings_delete 
        BEFORE DELETE ON readings WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'a final reading is never deleted'); END;
CREATE INDEX ix_measurement_edits_recording_sha256 ON measurement_edits (recording_sha256);
CREATE TRIGGER guard_edits_replace 
        BEFORE INSERT ON measurement_edits
        WHEN EXISTS (SELECT 1 FROM measurement_edits WHERE edit_id = NEW.edit_id OR position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'an edited measurement is never replaced'); END;
CREATE TRIGGER guard_edits_update 
        BEFORE UPDATE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END;
CREATE TRIGGER guard_edits_delete 
        BEFORE DELETE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END;
CREATE UNIQUE INDEX uq_readings_first ON readings (recording_sha256, reader, study_id) WHERE amends IS NULL;
CREATE INDEX ix_readings_study_id ON readings (study_id);
CREATE INDEX ix_assignments_recording_sha256 ON assignments (recording_sha256);
CREATE INDEX ix_adjudications_study_id ON adjudications (study_id);
CREATE TRIGGER guard_statements_insert BEFORE INSERT ON statements WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_statements_update BEFORE UPDATE ON statements WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') OR (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_statements_delete BEFORE DELETE ON statements WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_map_ratings_insert BEFORE INSERT ON map_ratings WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_map_ratings_update BEFORE UPDATE ON map_ratings WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') OR (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_map_ratings_delete BEFORE DELETE ON map_ratings WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_time_notes_insert BEFORE INSERT ON time_notes WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_time_notes_update BEFORE UPDATE ON time_notes WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') OR (SELECT state FROM readings WHERE reading_id = NEW.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_time_notes_delete BEFORE DELETE ON time_notes WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) NOT IN ('draft', 'revealed') BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_readings_locked 
        BEFORE UPDATE ON readings
        WHEN OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NOT OLD.locked_at
          OR NEW.locked_comment IS NOT OLD.locked_comment OR NEW.locked_confidence IS NOT OLD.locked_confidence
          OR NEW.state = 'draft')
        BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END;
CREATE TRIGGER guard_locked_statements_insert 
        BEFORE INSERT ON locked_statements
        WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
          OR EXISTS (SELECT 1 FROM locked_statements WHERE reading_id = NEW.reading_id AND label = NEW.label)
        BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END;
CREATE TRIGGER guard_locked_statements_update 
        BEFORE UPDATE ON locked_statements BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END;
CREATE TRIGGER guard_locked_statements_delete 
        BEFORE DELETE ON locked_statements BEGIN SELECT RAISE(ABORT, 'a locked answer never changes'); END;
CREATE TRIGGER guard_studies_replace 
        BEFORE INSERT ON studies WHEN EXISTS (SELECT 1 FROM studies WHERE study_id = NEW.study_id)
        BEGIN SELECT RAISE(ABORT, 'a protocol never changes'); END;
CREATE TRIGGER guard_studies_update 
        BEFORE UPDATE ON studies
        WHEN NEW.protocol IS NOT OLD.protocol OR NEW.study_id <> OLD.study_id OR OLD.closed_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a protocol never changes'); END;
CREATE TRIGGER guard_studies_delete BEFORE DELETE ON studies BEGIN SELECT RAISE(ABORT, 'a study is never deleted'); END;
CREATE TRIGGER guard_study_recordings_replace BEFORE INSERT ON study_recordings WHEN EXISTS (SELECT 1 FROM study_recordings WHERE study_id = NEW.study_id AND recording_sha256 = NEW.recording_sha256) BEGIN SELECT RAISE(ABORT, 'what a study holds never changes'); END;
CREATE TRIGGER guard_study_recordings_update BEFORE UPDATE ON study_recordings BEGIN SELECT RAISE(ABORT, 'what a study holds never changes'); END;
CREATE TRIGGER guard_study_recordings_delete BEFORE DELETE ON study_recordings BEGIN SELECT RAISE(ABORT, 'what a study holds never changes'); END;
CREATE TRIGGER guard_assignments_replace BEFORE INSERT ON assignments WHEN EXISTS (SELECT 1 FROM assignments WHERE study_id = NEW.study_id AND recording_sha256 = NEW.recording_sha256 AND reader = NEW.reader) BEGIN SELECT RAISE(ABORT, 'an assignment never changes'); END;
CREATE TRIGGER guard_assignments_update BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'an assignment never changes'); END;
CREATE TRIGGER guard_assignments_delete BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'an assignment never changes'); END;
CREATE TRIGGER guard_circumstances_replace BEFORE INSERT ON circumstances WHEN EXISTS (SELECT 1 FROM circumstances WHERE reading_id = NEW.reading_id AND stage = NEW.stage) BEGIN SELECT RAISE(ABORT, 'what surrounded a reading never changes'); END;
CREATE TRIGGER guard_circumstances_update BEFORE UPDATE ON circumstances BEGIN SELECT RAISE(ABORT, 'what surrounded a reading never changes'); END;
CREATE TRIGGER guard_circumstances_delete BEFORE DELETE ON circumstances BEGIN SELECT RAISE(ABORT, 'what surrounded a reading never changes'); END;
CREATE TRIGGER guard_adjudications_replace BEFORE INSERT ON adjudications WHEN EXISTS (SELECT 1 FROM adjudications WHERE adjudication_id = NEW.adjudication_id OR position = NEW.position) BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
CREATE TRIGGER guard_adjudications_update BEFORE UPDATE ON adjudications BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
CREATE TRIGGER guard_adjudications_delete BEFORE DELETE ON adjudications BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END;
CREATE TRIGGER guard_readers_replace 
        BEFORE INSERT ON readers WHEN EXISTS (SELECT 1 FROM readers WHERE name = NEW.name)
        BEGIN SELECT RAISE(ABORT, 'a reader is never replaced'); END;
CREATE TRIGGER guard_readers_rename 
        BEFORE UPDATE ON readers WHEN NEW.name <> OLD.name OR NEW.added_at <> OLD.added_at
        BEGIN SELECT RAISE(ABORT, 'a reader keeps the name'); END;
CREATE TRIGGER guard_readers_delete BEFORE DELETE ON readers BEGIN SELECT RAISE(ABORT, 'a reader is never deleted'); END;
CREATE INDEX ix_recordings_worklist ON recordings (search, age_days, sex, source_format, simulated, finding_codes, n_findings, recorded_at);
CREATE INDEX ix_recordings_age_days ON recordings (age_days);
CREATE INDEX ix_recordings_sex ON recordings (sex);
CREATE INDEX ix_recordings_source_format ON recordings (source_format);
CREATE INDEX ix_recordings_recorded_at ON recordings (recorded_at);
CREATE INDEX ix_recordings_n_findings ON recordings (n_findings);
CREATE INDEX ix_readings_newest ON readings (reader, recording_sha256, position, state, amends);
COMMIT;
